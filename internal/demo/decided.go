package demo

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/localaws"
)

// decisions tells what refused a request.
type decisions struct {
	server *localaws.Server
	whole  bool
	seen   localaws.Decision // the last before this step
	before localaws.Decision // the last before the step before
}

// refusal is why a request of this step was refused, by the decisions of the
// local AWS; "" if none was. A replication that failed was asked for by the step
// before.
func (d *decisions) refusal(got string) string {
	all, why, since := d.server.Decisions(), "", d.seen
	if got == failedReplication {
		since = d.before
	}
	for i := len(all) - 1; i >= 0 && all[i] != since; i-- {
		if !all[i].Allowed && why == "" {
			why = d.because(all[i])
		}
	}
	d.before = d.seen
	if len(all) > 0 {
		d.seen = all[len(all)-1]
	}
	if got != failedReplication && !strings.HasPrefix(got, "403 ") {
		return ""
	}
	return why
}

// failedReplication is the status of an object that S3 couldn't replicate.
const failedReplication = string(types.ReplicationStatusFailed)

var (
	statement = regexp.MustCompile(`^Statement\[\d+\] ("[^"]+") of (.*)`)
	condition = regexp.MustCompile(`^condition (\S+) (\S+) matched: request has (.*), statement lists `)
)

// because is the part of an explanation that names what decided: the request
// itself stands above it, and what nearly allowed it is for who looks for a
// mistake. Of the conditions it is the one that tells most: beside another, Null
// only says that the request has the key.
func (d *decisions) because(of localaws.Decision) string {
	if d.whole {
		return of.Explanation
	}
	first, more, _ := strings.Cut(of.Explanation, "\n")
	_, reason, _ := strings.Cut(first, " by "+of.Caller+": ")
	m := statement.FindStringSubmatch(reason)
	if m == nil {
		return reason
	}
	said, told := m[1]+" in the "+m[2]+" denies it", false
	for line := range strings.Lines(more) {
		c := condition.FindStringSubmatch(strings.TrimSpace(line))
		if c == nil || told && c[1] == "Null" {
			continue
		}
		told = true
		said = m[1] + " in the " + m[2] + " denies a request with " + c[2] + " " + c[3]
		if c[3] == "no such key" {
			said = m[1] + " in the " + m[2] + " denies a request without " + c[2]
		}
	}
	return said
}
