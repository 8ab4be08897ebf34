package rule

import (
	"slices"
	"strings"
	"testing"
)

// What AWS does depends on more than a bucket's properties in these; a reason
// that says less than its page sends its reader the wrong way.
func TestReasonsSayWhatTheirPagesSay(t *testing.T) {
	t.Parallel()
	for id, tt := range map[string]struct {
		page string
		says []string
	}{
		"blocked-encryption-types-unstated": {"AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html",
			[]string{"on new buckets", "me-south-1 and me-central-1", "on older ones too in accounts without SSE-C objects", "on none in accounts with any"}},
		"log-destination-unfit": {"AmazonS3/latest/userguide/troubleshooting-server-access-logging.html",
			[]string{"refuses to send a server access log to another account or Region", "with Object Lock it never arrives", "to the logged bucket itself it goes without end"}},
		"replication-without-account": {"AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-replicationdestination.html",
			[]string{"AccessControlTranslation", "requires the one with the other"}},
		"sse-c-bucket-open": {"AmazonS3/latest/userguide/specifying-s3-c-encryption.html", nil},
	} {
		i := slices.IndexFunc(All(), func(r Rule) bool { return r.ID == id })
		if i < 0 {
			t.Errorf("there is no rule %s", id)
			continue
		}
		r := All()[i]
		if want := "https://docs.aws.amazon.com/" + tt.page; r.Source != want {
			t.Errorf("%s: source %s, want %s", id, r.Source, want)
		}
		for _, words := range tt.says {
			if !strings.Contains(r.Reason, words) {
				t.Errorf("%s: the reason doesn't say %q: %s", id, words, r.Reason)
			}
		}
	}
}
