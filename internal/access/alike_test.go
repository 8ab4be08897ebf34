package access

import (
	"strings"
	"testing"
)

// An access point admits all services alike, and the bucket behind it each to an
// action of its own: one can't answer for another.
func TestServicesBehindAnAccessPointAreToldApart(t *testing.T) {
	t.Parallel()
	set := readResources(t, `
		"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
		"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Statement": [
			{"Sid": "A", "Effect": "Allow", "Principal": {"Service": "athena.amazonaws.com"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::data/*"},
			{"Sid": "B", "Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}]}}},
		"Point": {"Type": "AWS::S3::AccessPoint", "Properties": {"Name": "point", "Bucket": "data",
			"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": false},
			"Policy": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:eu-west-1:111122223333:accesspoint/point/object/*"}}}}`)
	_, section, _ := strings.Cut(Markdown("one bucket", nil, set), "## access point Point")
	for _, line := range []string{
		"| athena.amazonaws.com for a stranger | s3:PutObject | A |",
		"| backup.amazonaws.com for a stranger | s3:GetObject | B |",
	} {
		if !strings.Contains(section, line) {
			t.Errorf("the page doesn't say %q, but\n%s", line, section)
		}
	}
}
