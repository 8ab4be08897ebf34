package rule

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
	"github.com/s3seal/s3seal/logdelivery"
)

// put sets a place of properties, as a template has it.
func put(properties map[string]any, place string, value any) {
	name, behind, deeper := strings.Cut(place, ".")
	if !deeper {
		properties[name] = value
		return
	}
	if list, ok := strings.CutSuffix(name, "[]"); ok {
		if properties[list] == nil {
			properties[list] = []any{map[string]any{}}
		}
		put(properties[list].([]any)[0].(map[string]any), behind, value)
		return
	}
	if properties[name] == nil {
		properties[name] = map[string]any{}
	}
	put(properties[name].(map[string]any), behind, value)
}

// A row whose place is misread would be a service that no rule ever mentions.
func TestEveryWriterIsReadWhereverItStands(t *testing.T) {
	t.Parallel()
	for i, w := range logdelivery.Writers() {
		to := []string{"logs", "arn:aws:s3:::logs", "s3://logs/folder/", "logs/folder"}[i%4]
		properties := map[string]any{}
		put(properties, w.Bucket, to)
		plain := checkWriter(t, w, properties)
		if w.Key != "" {
			put(properties, w.Key, "arn:aws:kms:eu-west-1:111122223333:key/k")
		}
		if w.Option != "" {
			put(properties, w.Option, "CSE_KMS")
			if skipped(checkWriter(t, w, properties)) {
				t.Errorf("%s of %s: a key of the client's is taken for one of S3's", w.Title, w.Type)
			}
			put(properties, w.Option, "sse-kms")
		}
		keyed := checkWriter(t, w, properties)
		if !slices.ContainsFunc(plain.Unknown, func(x Unknown) bool {
			return x.Rule == "log-delivery-denied" && x.LogicalID == "Writer" && strings.Contains(x.Why, w.Title)
		}) && !slices.ContainsFunc(plain.Findings, func(x Finding) bool {
			return x.Rule == "log-delivery-denied" && x.LogicalID == "Writer" && strings.Contains(x.Message, w.Title) && len(w.Services) > 0
		}) {
			t.Errorf("%s of %s to %s: nothing is said of them", w.Title, w.Type, to)
		}
		if skipped(plain) || skipped(keyed) != (w.Key != "") {
			t.Errorf("%s of %s to %s: replicated without a key: %v, with one: %v", w.Title, w.Type, to, !skipped(plain), !skipped(keyed))
		}
	}
}

func skipped(r Report) bool {
	return slices.ContainsFunc(r.Findings, func(x Finding) bool { return x.Rule == "replication-skips-kms-objects" })
}

func checkWriter(t *testing.T, w logdelivery.Writer, properties map[string]any) Report {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Resources": map[string]any{
		"Writer": map[string]any{"Type": w.Type, "Properties": properties},
		"Logs": map[string]any{"Type": "AWS::S3::Bucket", "Properties": map[string]any{"BucketName": "logs", "ReplicationConfiguration": map[string]any{
			"Role": "role", "Rules": []any{map[string]any{"Status": "Enabled", "Prefix": "", "Destination": map[string]any{"Bucket": "arn:aws:s3:::replica"}}},
		}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "app.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := template.ReadTemplate(path, "111122223333", "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	return Check([]*template.Stack{s}, Options{})
}
