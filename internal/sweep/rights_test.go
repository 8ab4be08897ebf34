package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/policy"
)

const bucketARN = "arn:aws:s3:::" + objecttest.Bucket

// recordedOnly are the rights that the local AWS has no use for: it has neither
// Object Lock nor annotations.
var recordedOnly = []string{
	"s3:GetObjectRetention", "s3:GetObjectLegalHold", "s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation",
	"s3:ListObjectAnnotations", "s3:ListObjectVersionAnnotations", "s3:PutObjectAnnotation",
}

// The function's rights are enough, under the policy of the bucket that stacks make,
// and each is needed.
func TestTheRightsOfTheFunction(t *testing.T) {
	t.Parallel()
	var actions iam.Strings
	for _, s := range (policy.Objects{BucketARN: bucketARN}).Sweep() {
		actions = append(actions, s.Action...)
	}
	whole := outcome(t, actions)
	if whole != "toSweep <nil> [{k0 moved 2 5242887}] 0 open, toMoveItems <nil> [{k0 moved 1 4}], parts fail, 0 open" {
		t.Fatal(whole)
	}
	for i, action := range actions {
		if slices.Contains(recordedOnly, action) {
			continue
		}
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			if got := outcome(t, slices.Delete(slices.Clone(actions), i, i+1)); got == whole {
				t.Error("not needed")
			}
		})
	}
}

// outcome is what becomes of all that the function does, with these rights alone.
func outcome(t *testing.T, actions iam.Strings) string {
	t.Helper()
	w := newWorld(t)
	text := large(w)
	may := func(actions iam.Strings) {
		document := policy.Document(policy.RequireSSEC(bucketARN), iam.Statement{
			Effect: iam.Deny, Principal: &iam.Principal{Any: true}, NotAction: append(slices.Clone(actions), "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
			Resource: iam.Strings{bucketARN, bucketARN + "/*"},
		})
		text, err := json.Marshal(document)
		w.ok(err)
		_, err = w.s3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(objecttest.Bucket), Policy: aws.String(string(text))})
		w.ok(err)
	}
	mayAll := func() {
		_, err := w.s3.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: aws.String(objecttest.Bucket)})
		w.ok(err)
	}
	w.put("a", "k0", "text")
	w.put("large", "k0", text)
	may(actions)
	at := &Sweep{}
	err := w.sweeper.Sweep(t.Context(), at, time.Time{})
	mayAll()
	said := fmt.Sprintf("toSweep %v %v %d open", kindOf(err), timeless(at.Report), w.uploads())

	w.put("a", "k0", "text")
	may(actions)
	at, err = w.sweeper.items(t.Context(), []item{{Key: "a"}, {Key: "gone"}}, time.Time{})
	mayAll()
	if at == nil {
		at = &Sweep{Report: &Report{}}
	}
	said += fmt.Sprintf(", toMoveItems %v %v", kindOf(err), timeless(at.Report))

	if !slices.Contains(actions, "s3:PutObject") {
		return said
	}
	w.put("large", "k0", text)
	may(actions)
	w.hooks.beforePart = func(*s3.UploadPartCopyInput) error { return errKilled }
	_, _ = w.sweeper.items(t.Context(), []item{{Key: "large"}}, time.Time{})
	mayAll()
	return said + fmt.Sprintf(", parts fail, %d open", w.uploads())
}

// timeless are the counts without the time at which the test ran.
func timeless(r *Report) []string {
	texts := []string{}
	for _, c := range r.Counts {
		texts = append(texts, fmt.Sprintf("{%s %s %d %d}", c.KeyID, c.State, c.Versions, c.Bytes))
	}
	return texts
}

func kindOf(err error) any {
	if err == nil {
		return nil
	}
	return classify(context.Background(), "", err).Type
}
