package logdelivery

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/encryption"
)

// Destination is a bucket that logs are sent to.
type Destination struct {
	Name       string // the bucket's name, as it is in AWS
	Account    string // 12 digits
	Region     string
	Encryption encryption.Pattern // the bucket's default

	// ObjectLock says that the bucket has Object Lock, DefaultRetention that it
	// has a default retention too.
	ObjectLock, DefaultRetention bool

	// ServerAccessLogs is the bucket that gets this bucket's own server access
	// logs; "" for none.
	ServerAccessLogs string
}

// Check says why deliveries should not go here, a line each, or nil: what the
// bucket or a delivery lacks, and all that Arrive and Loop say. It does not check
// whether the bucket's policy admits them; package policy has the statements.
func (b Destination) Check(deliveries ...Delivery) error {
	if err := b.complete(deliveries); err != nil {
		return err
	}
	return errors.Join(b.Arrive(deliveries...), b.Loop(deliveries...))
}

// complete says what the bucket and the deliveries lack: without it, policies
// would name nobody, and the rest of Check would compare with nothing.
func (b Destination) complete(deliveries []Delivery) error {
	var problems problems
	need := func(what, field, value, is string) {
		if value == "" {
			problems.report("%s without %s: give %s, %s", what, field, field, is)
		}
	}
	need("a log bucket", "Name", b.Name, "the bucket's name")
	need("a log bucket", "Account", b.Account, "the 12 digits of the bucket's account")
	need("a log bucket", "Region", b.Region, "the bucket's Region")
	for _, d := range deliveries {
		t, ok := Of(d.Source)
		if !ok {
			continue // for Arrive
		}
		need(t.Title, "Partition", d.Partition, `such as "aws"`)
		need(t.Title, "Account", d.Account, "the 12 digits of the account of what is logged")
		need(t.Title, "Region", d.Region, "that of what is logged")
	}
	return errors.Join(problems...)
}

// Arrive says why deliveries would not arrive, a line each, or nil. An empty
// account or Region means a stack that may be deployed to any.
func (b Destination) Arrive(deliveries ...Delivery) error {
	var problems problems
	report := problems.report
	if len(deliveries) == 0 {
		report("no log is sent to it: name what it is for, or remove it")
	}
	for _, d := range deliveries {
		t, ok := Of(d.Source)
		if !ok {
			report("%s", Lookup(d.Source, b.Encryption).Refusal())
			continue
		}
		b.checkTraits(d, t, report)
		if refusal := Lookup(d.Source, b.Encryption).Refusal(); refusal != "" && !t.NeedsACL {
			report("%s", refusal)
		}
	}
	return errors.Join(problems...)
}

// Loop says which server access logs would arrive and be logged in turn, a line
// each, or nil. S3 accepts a bucket that logs to itself.
//
// Source: AmazonS3/latest/userguide/enable-server-access-logging.html.
func (b Destination) Loop(deliveries ...Delivery) error {
	var problems problems
	report := problems.report
	if b.ServerAccessLogs == b.Name && b.Name != "" {
		report("it would log to itself, and log each delivery of its logs without end: send its server access logs to another bucket, or to none")
	}
	for _, d := range deliveries {
		if d.Source != S3ServerAccess {
			continue
		}
		t, _ := Of(d.Source)
		if b.ServerAccessLogs != "" && b.ServerAccessLogs != b.Name {
			report("%s arrive here, and this bucket has server access logging itself, which their destination should not have (docs.aws.amazon.com/%s): leave its own logging off", t.Title, t.Page)
		}
		if slices.Contains(d.SourceARNs, b.arn(d.Partition)) {
			report("%s of this bucket itself arrive here, and each delivery is logged in turn, without end (docs.aws.amazon.com/%s): send them to another bucket", t.Title, t.Page)
		}
	}
	return errors.Join(problems...)
}

func (b Destination) arn(partition string) string { return "arn:" + partition + ":s3:::" + b.Name }

// problems are lines of a report.
type problems []error

func (p *problems) report(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }

func (b Destination) checkTraits(d Delivery, t Traits, report func(string, ...any)) {
	page := "docs.aws.amazon.com/" + t.Page
	if t.NeedsACL {
		report("%s need a bucket with ACLs, and this one's owner owns every object (%s): %s", t.Title, page, Alternative(d.Source))
	}
	if t.SameAccount && d.Account != b.Account {
		report("%s of account %s arrive in a bucket of the same account only, and this one is of %s%s (%s): make a log bucket in each account", t.Title, d.Account, b.Account, t.refused(), page)
	}
	if t.SameRegion && d.Region != b.Region {
		report("%s of Region %s arrive in a bucket of the same Region only, and this one is in %s%s (%s): make a log bucket in each Region", t.Title, d.Region, b.Region, t.refused(), page)
	}
	switch {
	case t.NoObjectLock && (b.ObjectLock || b.DefaultRetention):
		report("%s don't arrive in a bucket with Object Lock (%s): leave Object Lock off, or send them to another bucket", t.Title, page)
	case t.NoDefaultRetention && b.DefaultRetention:
		report("%s don't arrive in a bucket with a default retention of Object Lock (%s): leave the default out, or send them to another bucket", t.Title, page)
	}
	if !strings.HasPrefix(b.Name, t.BucketNamePrefix) {
		report("%s arrive only in a bucket whose name begins with %s, and this one is %s (%s): rename it", t.Title, t.BucketNamePrefix, b.Name, page)
	}
	if t.NamesSource && len(d.SourceARNs) == 0 {
		report("%s without the ARNs of what is logged: name them, so that no other can write here", t.Title)
	}
	for _, arn := range d.SourceARNs {
		if !strings.HasPrefix(arn, "arn:") && !strings.HasPrefix(arn, "${") { // the latter is a token
			report("%s of %q, which is no ARN, as the service sends one: write what Delivery.ARN gives for the name", t.Title, arn)
		}
	}
	if strings.Contains(d.Prefix, "AWSLogs") {
		why := "which names the folders of accounts, and these logs would lie in one"
		if t.NoAWSLogsPrefix {
			why = page
		}
		report("%s with the prefix %q, which must not hold \"AWSLogs\" (%s): write another", t.Title, d.Prefix, why)
	}
	if strings.Trim(d.Prefix, "/") != d.Prefix {
		report("%s with the prefix %q: write it without a slash at its ends", t.Title, d.Prefix)
	}
}
