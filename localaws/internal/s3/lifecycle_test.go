package s3

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
)

// TestLifecycleRules: what S3 refuses, and what it accepts.
//
// Source: AmazonS3/latest/API/API_LifecycleRule.html,
// AmazonS3/latest/API/API_LifecycleExpiration.html,
// AmazonS3/latest/API/API_Transition.html.
func TestLifecycleRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "rules", noRule)
	const on, expire = "<Status>Enabled</Status>", "<Expiration><Days>1</Days></Expiration>"
	const all = on + "<Filter/>"
	for rule, code := range map[string]string{
		all + expire:                        "",
		on + "<Prefix>a/</Prefix>" + expire: "",
		on + "<Filter><And><Prefix>a/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>" + expire:                                                      "",
		all + "<ID>" + strings.Repeat("i", 255) + "</ID>" + expire:                                                                                                  "",
		all + "<Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>":                                                                                      "",
		all + "<Expiration><Date>2030-01-01</Date></Expiration>":                                                                                                    "",
		all + "<Expiration><ExpiredObjectDeleteMarker>false</ExpiredObjectDeleteMarker></Expiration>":                                                               "",
		all + "<Transition><Days>0</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>":                                                                    "",
		all + "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>100</NewerNoncurrentVersions></NoncurrentVersionExpiration>": "",
		all + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>":                                       "",

		all: "InvalidRequest",
		"<Status>enabled</Status><Filter/>" + expire: "MalformedXML",
		on + expire:                          "MalformedXML",
		all + "<Prefix>a/</Prefix>" + expire: "MalformedXML",
		on + "<Filter><Prefix>a/</Prefix><ObjectSizeLessThan>9</ObjectSizeLessThan></Filter>" + expire: "MalformedXML",
		all + "<ID>" + strings.Repeat("i", 256) + "</ID>" + expire:                                     "InvalidArgument",
		all + "<Expiration><Days>0</Days></Expiration>":                                                "InvalidArgument",
		all + "<Expiration/>": "MalformedXML",
		all + "<Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>":                                                                            "MalformedXML",
		all + "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>":                                                  "MalformedXML",
		all + "<Expiration><Date>2030-01-01T00:00:01Z</Date></Expiration>":                                                                                          "InvalidArgument",
		all + "<Expiration><Date>soon</Date></Expiration>":                                                                                                          "MalformedXML",
		all + "<Transition><Days>-1</Days><StorageClass>GLACIER</StorageClass></Transition>":                                                                        "InvalidArgument",
		all + "<Transition><StorageClass>GLACIER</StorageClass></Transition>":                                                                                       "MalformedXML",
		all + "<Transition><Days>1</Days><StorageClass>STANDARD</StorageClass></Transition>":                                                                        "MalformedXML",
		all + "<NoncurrentVersionTransition><NoncurrentDays>-1</NoncurrentDays><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>":                  "InvalidArgument",
		all + "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>":                                                       "InvalidArgument",
		all + "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionExpiration>": "InvalidArgument",
		all + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload>":                                       "InvalidArgument",
		all + "<ID>twice</ID>" + expire + "</Rule><Rule>" + all + "<ID>twice</ID>" + expire:                                                                         "InvalidArgument",
	} {
		a := w.send(w.tls, "PUT", "/rules?lifecycle", "<LifecycleConfiguration><Rule>"+rule+"</Rule></LifecycleConfiguration>", nil)
		if a.err.Code != code || (code == "") != (a.status == 200) {
			t.Errorf("%s: %d %+v, want %q", rule, a.status, a.err, code)
		}
	}
	rule := fmt.Sprintf("<Rule>%s%s</Rule>", all, expire)
	for n, code := range map[int]string{0: "MalformedXML", 1001: "MalformedXML", 1000: ""} {
		a := w.send(w.tls, "PUT", "/rules?lifecycle", "<LifecycleConfiguration>"+strings.Repeat(rule, n)+"</LifecycleConfiguration>", nil)
		if a.err.Code != code {
			t.Errorf("%d rules: %+v, want %q", n, a.err, code)
		}
	}
	out, err := w.root(home).GetBucketLifecycleConfiguration(context.Background(), &sdk.GetBucketLifecycleConfigurationInput{Bucket: aws.String("rules")})
	w.ok(err)
	if len(out.Rules) != 1000 || *out.Rules[0].Expiration.Days != 1 || *out.Rules[0].ID == *out.Rules[1].ID {
		t.Errorf("%d rules came back, the first %+v", len(out.Rules), out.Rules[0])
	}
}
