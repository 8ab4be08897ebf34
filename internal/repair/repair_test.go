package repair

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/price"
)

func TestAPlanCountsWhatIsNotReplicated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put(t, "new")
	w.stop(t)
	w.put(t, "lost")
	w.put(t, "lost") // a second version
	plan, err := w.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[State]int64{Never: 1, Replicated: 1, Failed: 2} {
		if got := plan.of(s); got.Versions != want || got.Bytes != 5*want {
			t.Errorf("%s: %+v, want %d", s, got, want)
		}
	}
	if plan.Eligible() != 3 || plan.Dollars < price.BatchJob.USD() {
		t.Errorf("%d versions for $%g", plan.Eligible(), plan.Dollars)
	}
	var text bytes.Buffer
	if err := plan.Write(&text); err != nil || !strings.Contains(text.String(), "failed: lost, lost\n") || !strings.Contains(text.String(), "never: old\n") {
		t.Error(err, text.String())
	}
}

// Whoever repairs first reads what would make it fail again.
func TestCausesAreFound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		breaks func(*testing.T, *world) error
		says   string
	}{
		"nothing": {func(*testing.T, *world) error { return nil }, ""},
		"a deny in the role": {func(t *testing.T, w *world) error {
			w.stop(t)
			return nil
		}, "the role replication may not do what a replication needs, s3:ReplicateObject: "},
		"a deny in the bucket": {func(t *testing.T, w *world) error {
			_, err := w.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: aws.String(
				`{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObjectVersionForReplication", "Resource": "arn:aws:s3:::` + bucket + `/*"}}`)})
			return err
		}, "s3:GetObjectVersionForReplication: "},
		"no trust": {func(t *testing.T, w *world) error {
			_, err := w.IAM.UpdateAssumeRolePolicy(t.Context(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String(roleName), PolicyDocument: aws.String(
				`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`)})
			return err
		}, "S3 may not assume the role replication: "},
		"no role": {func(_ *testing.T, w *world) error { return w.server.RemoveRole(owner, roleName) }, "the role replication of the replication rule is gone: "},
		"a key": {func(t *testing.T, w *world) error {
			_, err := w.KMS.DisableKey(t.Context(), &kms.DisableKeyInput{KeyId: &w.keyID})
			return err
		}, " is Disabled: "},
		"a rule that is off": {func(t *testing.T, w *world) error {
			w.rule(t, types.ReplicationRuleStatusDisabled, w.keyID)
			return nil
		}, "is not enabled: "},
		"no rule": {func(t *testing.T, w *world) error {
			_, err := w.S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String(bucket)})
			return err
		}, "has no replication rule: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if err := tc.breaks(t, w); err != nil {
				t.Fatal(err)
			}
			list := w.Causes(t.Context())
			if tc.says == "" && len(list) > 0 || tc.says != "" && (len(list) != 1 || !strings.Contains(list[0].Text, tc.says) || list[0].Unknown) {
				t.Errorf("%+v, want %q", list, tc.says)
			}
		})
	}
}

// What can't be read is not said to be wrong.
func TestWhatCannotBeReadIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop(t)
	nobody, err := w.server.AddUser(owner, "nobody")
	if err != nil {
		t.Fatal(err)
	}
	w.IAM = awsiam.NewFromConfig(w.server.Config(nobody))
	list := w.Causes(t.Context())
	if len(list) != 1 || !list[0].Unknown || !strings.Contains(list[0].Text, "the role replication: ") {
		t.Errorf("%+v", list)
	}
	var text bytes.Buffer
	if WriteCauses(&text, list); !strings.HasPrefix(text.String(), "not known: ") {
		t.Error(text.String())
	}
}

// The two codes of a report's line come in either order.
func TestReportsAreRead(t *testing.T) {
	t.Parallel()
	failures := map[string]*Failure{}
	const report = `acme-source,a%20b,v1,failed,DstPutObjectNotPermitted,403,
acme-source,c,v2,failed,403,DstPutObjectNotPermitted,
acme-source,d,v3,failed,200,PermanentFailure,"the ""key"" is gone"
acme-source,e,v4,succeeded,,200,Successful
`
	if err := readReport(strings.NewReader(report), failures); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(len(failures), *failures["DstPutObjectNotPermitted"], *failures[`PermanentFailure: the "key" is gone`]); got !=
		`2 {DstPutObjectNotPermitted 2 a%20b} {PermanentFailure: the "key" is gone 1 d}` {
		t.Error(got)
	}
	if err := readReport(strings.NewReader("a,b\n"), failures); err == nil {
		t.Error("a line of two fields is no error")
	}
}
