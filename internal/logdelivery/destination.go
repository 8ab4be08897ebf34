package logdelivery

import (
	"errors"
	"fmt"
	"strings"
)

// Destination is a bucket that logs are sent to.
type Destination struct {
	Name       string // the bucket's name, as it is in AWS
	Account    string // 12 digits
	Region     string
	Encryption Encryption // the bucket's default

	// ObjectLock says that the bucket has Object Lock with a default
	// retention.
	ObjectLock bool

	// ServerAccessLogs is the bucket that gets this bucket's own server access
	// logs; "" for none.
	ServerAccessLogs string
}

// Check says why deliveries would not arrive, a line each, or nil. It looks at
// the bucket alone; whether its policy admits them is a matter of package
// policy.
func (b Destination) Check(deliveries ...Delivery) error {
	var problems []error
	report := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf(format, args...))
	}
	if len(deliveries) == 0 {
		report("no log is sent to it: name what it is for, or remove it")
	}
	if b.ServerAccessLogs == b.Name && b.Name != "" {
		report("it would log to itself, and log each delivery of its logs without end: send its server access logs to another bucket, or to none")
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

func (b Destination) checkTraits(d Delivery, t Traits, report func(string, ...any)) {
	page := "docs.aws.amazon.com/" + t.Page
	if t.NeedsACL {
		report("%s need a bucket with ACLs, and this one's owner owns every object (%s): %s", t.Title, page, Alternative(d.Source))
	}
	if t.SameAccount && d.Account != b.Account {
		report("%s of account %s arrive in a bucket of the same account only, and this one is of %s (%s): make a log bucket in each account", t.Title, d.Account, b.Account, page)
	}
	if t.SameRegion && d.Region != b.Region {
		report("%s of Region %s arrive in a bucket of the same Region only, and this one is in %s (%s): make a log bucket in each Region", t.Title, d.Region, b.Region, page)
	}
	if t.NoObjectLock && b.ObjectLock {
		report("%s don't arrive in a bucket with Object Lock (%s): leave Object Lock off, or send them to another bucket", t.Title, page)
	}
	if !strings.HasPrefix(b.Name, t.BucketNamePrefix) {
		report("%s arrive only in a bucket whose name begins with %s, and this one is %s (%s): rename it", t.Title, t.BucketNamePrefix, b.Name, page)
	}
	if t.NamesSource && len(d.SourceARNs) == 0 {
		report("%s without the ARNs of what is logged: name them, so that no other can write here", t.Title)
	}
	if strings.Contains(d.Prefix, "AWSLogs") {
		report("%s with the prefix %q, which must not hold \"AWSLogs\" (elasticloadbalancing/latest/application/enable-access-logging.html): write another", t.Title, d.Prefix)
	}
	if strings.Trim(d.Prefix, "/") != d.Prefix {
		report("%s with the prefix %q: write it without a slash at its ends", t.Title, d.Prefix)
	}
	if d.Source == S3ServerAccess {
		b.checkServerAccess(d, t, page, report)
	}
}

// checkServerAccess keeps S3 from logging the delivery of its own logs.
func (b Destination) checkServerAccess(d Delivery, t Traits, page string, report func(string, ...any)) {
	if b.ServerAccessLogs != "" && b.ServerAccessLogs != b.Name {
		report("%s arrive here, and this bucket has server access logging itself, which their destination should not have (%s): leave its own logging off", t.Title, page)
	}
	for _, arn := range d.SourceARNs {
		if arn == "arn:"+d.Partition+":s3:::"+b.Name {
			report("%s of this bucket itself, which would log each delivery of its logs without end (%s): take %s out", t.Title, page, arn)
		}
	}
}
