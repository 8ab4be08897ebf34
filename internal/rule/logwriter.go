package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// sent is what the service says about whom it writes for.
func (l sentLog) sent() context {
	return context{conditionkey.SourceARN: l.SourceARNs, conditionkey.SourceAccount: {l.Account}}
}

// logRequest is something that a service asks of a bucket or key.
type logRequest struct {
	action, arn string
	context     context
}

// deniedTo are the requests that a policy denies the service, and why: of the
// first, or of one that it denies explicitly.
func (c *checker) deniedTo(principal string, l sentLog, requests []logRequest) (denied []logRequest, because resource.Decision) {
	for _, ask := range requests {
		d := c.asWriter(l, principal, ask)
		if d.Allowed {
			continue
		}
		if denied = append(denied, ask); len(denied) == 1 || d.Explicit {
			because = d
		}
	}
	return denied, because
}

// asWriter decides as the service and, if that is denied, as the others who may
// write in its place.
func (c *checker) asWriter(l sentLog, principal string, ask logRequest) resource.Decision {
	decide := func(caller iam.Caller, sent context) resource.Decision {
		return c.set.Decide(resource.Request{Caller: caller, Action: ask.action, Resource: ask.arn, Context: question.With(sent, ask.context)})
	}
	d := decide(iam.ServicePrincipal(principal), l.sent())
	if d.Allowed || d.Explicit {
		return d
	}
	for _, other := range c.otherWriters(l) {
		if byOther := decide(other, nil); byOther.Allowed {
			return byOther
		}
	}
	return d
}

// otherWriters are the account of Elastic Load Balancing in the older Regions,
// which policies named before there was a service principal, and the role of AWS
// Config's recorder, which is tried first.
// Sources: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
// and https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func (c *checker) otherWriters(l sentLog) (list []iam.Caller) {
	if account := loadBalancers[l.Region]; l.traits.RegionalAccounts && account != "" {
		list = append(list, question.Root(l.Partition, account))
	}
	if l.traits.RecorderRole {
		for _, arn := range c.recorderRoles(l) {
			list = append(list, iam.RoleSession(arn, "session"))
		}
	}
	return list
}

// recorderRoles are the roles of the account's AWS Config recorders in the
// Region; "" for one that can't be read.
func (c *checker) recorderRoles(l sentLog) (arns []string) {
	c.each("AWS::Config::ConfigurationRecorder", func(r *template.Resource) {
		if r.Stack().Account == l.Account && r.Stack().Region == l.Region {
			arn, _ := r.Properties().Get("RoleARN").String()
			arns = append(arns, arn)
		}
	})
	return arns
}

// mayDeliverByRole reports AWS Config undecided when the recorder's role, which
// may have leave of its own, isn't known. The service-linked role has none.
func (c *checker) mayDeliverByRole(l sentLog) bool {
	if !l.traits.RecorderRole {
		return false
	}
	roles := c.recorderRoles(l)
	open := len(roles) == 0 || slices.ContainsFunc(roles, func(arn string) bool {
		role := c.set.RoleWithARN(arn)
		return !strings.Contains(arn, ":role/aws-service-role/") && (role == nil || len(role.Unread) > 0)
	})
	if open {
		c.unknown(l.from, l.at, fmt.Errorf("what the role of AWS Config's recorder in %s/%s allows", l.Account, l.Region))
	}
	return open
}
