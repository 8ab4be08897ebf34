package demo

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/s3seal/s3seal/encryption"
)

// names shortens what only fills a line: of a name what CloudFormation or the
// account regional namespace adds to it, of an ARN all but the name, of an answer
// what is new each time. It says so by "…", or by "<...>" in place of the whole.
type names struct {
	whole bool     // nothing is shortened
	known []string // full name, short name, ...
}

// call gives something a name of its own.
func (n *names) call(full, short string) {
	if full != "" && !slices.Contains(n.known, full) {
		n.known = append(n.known, full, "<"+short+">")
	}
}

// nameKeys gives the keys of the stage their names.
func (p *stageplay) nameKeys(ctx context.Context) {
	for _, pattern := range encryption.Patterns() {
		p.call(p.output("buckets", pattern.Traits().ID+"KeyArn"), "key of "+string(pattern))
	}
	p.call(p.output("replica", "ReplicaKeyArn"), "key of the replica")
	// The alias makes the key, as on AWS: KMS API reference, API_DescribeKey.
	managed, err := p.administrator.kms.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/aws/s3")})
	if err == nil {
		p.call(*managed.KeyMetadata.Arn, "key aws/s3")
	}
	for _, bucket := range []string{p.output("replication", "SourceBucketName"), p.output("logs", "InventoryBucketName")} {
		p.call(p.administrator.defaultKey(ctx, bucket), "key of "+p.shorten(bucket))
	}
}

// long are the patterns of what fills lines, and what is left of each.
var long = []struct {
	pattern *regexp.Regexp
	left    string
}{
	{regexp.MustCompile(`arn:aws:kms:[a-z0-9-]+:\d{12}:key/([0-9a-f]{8})[0-9a-f-]{28}`), "<key ${1}…>"},
	{regexp.MustCompile(`arn:aws:sts::\d{12}:assumed-role/([\w-]+)/[\w-]+`), "role ${1}"},
	{regexp.MustCompile(`arn:aws:iam::\d{12}:(?:user|role)/([\w-]+)`), "${1}"},
	{regexp.MustCompile(`arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:(SseCKeyRing)[\w-]+`), "${1}…"},
	{regexp.MustCompile(`arn:aws:s3:::`), ""},
	{regexp.MustCompile(`\b(demo-[a-z0-9-]+?)-\d{12}(?:-[a-z]{2}-[a-z]+-\d-an)?\b`), "${1}-…"},
	{regexp.MustCompile(`\bdemo-buckets-(\w+?)[0-9A-F]{8}-[A-Z0-9]+`), "…${1}…"},
	{regexp.MustCompile(`, request id [0-9a-f-]{36}`), ""},
	{regexp.MustCompile(`\b\d{4}(?:-\d\d){5}-[0-9A-F]{16}\b`), "…"},              // name of a log
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "…"},                                // canonical id
	{regexp.MustCompile(`\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`), "…"}, // request id
	{regexp.MustCompile(`"[A-Z0-9]{26}"`), `"…"`},                                // version id
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+Z`), "…"},
	{regexp.MustCompile(`("[^"]*\.txt"),(?:"[^"]*",){5}("[^"]*","[^"]*")$`), "${1},…,${2}"},          // line of an inventory
	{regexp.MustCompile(`(REST\.\S+ \S+) "[^"]*" (\d{3}) .* (TLSv[\d.]+) .*`), "${1} … ${2} … ${3}"}, // line of a log
}

func (n *names) shorten(text string) string {
	if n.whole {
		return text
	}
	text = strings.NewReplacer(n.known...).Replace(text)
	for _, l := range long {
		text = l.pattern.ReplaceAllString(text, l.left)
	}
	return text
}
