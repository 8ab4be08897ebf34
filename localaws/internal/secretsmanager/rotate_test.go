package secretsmanager_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

const function = "arn:aws:lambda:eu-central-1:111122223333:function:rotate"

// rotator is a rotation function that does what AWS's templates do. It stops
// with an error at the step failAt.
type rotator struct {
	w      *world
	mu     sync.Mutex
	failAt string
	events []string
	calls  []api.Call
}

func (r *rotator) invoke(c api.Call, payload []byte) ([]byte, string, error) {
	var e struct{ Step, SecretId, ClientRequestToken string }
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, "", err
	}
	r.mu.Lock()
	r.events, r.calls = append(r.events, e.Step), append(r.calls, c)
	r.mu.Unlock()
	if e.Step == r.failAt {
		return []byte(`{"errorType":"Broken","errorMessage":"at ` + e.Step + `"}`), "Unhandled", nil
	}
	ctx, admin := context.Background(), r.w.admin()
	d, err := admin.DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &e.SecretId})
	if err != nil {
		return nil, "", err
	}
	if !slices.Contains(d.VersionIdsToStages[e.ClientRequestToken], "AWSPENDING") {
		return nil, "", fmt.Errorf("version %s is not AWSPENDING", e.ClientRequestToken)
	}
	switch e.Step {
	case "createSecret":
		_, err = admin.PutSecretValue(ctx, &sm.PutSecretValueInput{
			SecretId: &e.SecretId, ClientRequestToken: &e.ClientRequestToken, SecretString: aws.String("of " + e.ClientRequestToken), VersionStages: []string{"AWSPENDING"},
		})
	case "testSecret":
		_, err = admin.GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: &e.SecretId, VersionStage: aws.String("AWSPENDING")})
	case "finishSecret":
		for id, stages := range d.VersionIdsToStages {
			if slices.Contains(stages, "AWSCURRENT") {
				_, err = admin.UpdateSecretVersionStage(ctx, &sm.UpdateSecretVersionStageInput{
					SecretId: &e.SecretId, VersionStage: aws.String("AWSCURRENT"), MoveToVersionId: &e.ClientRequestToken, RemoveFromVersionId: aws.String(id),
				})
			}
		}
	}
	return nil, "", err
}

func newRotator(t *testing.T) (*world, *rotator) {
	w := newWorld(t)
	r := &rotator{w: w}
	w.function = r.invoke
	w.create(t, "s", "first")
	return w, r
}

func rotate(w *world, in sm.RotateSecretInput) (string, error) {
	in.SecretId = aws.String("s")
	out, err := w.admin().RotateSecret(ctx, &in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.VersionId), nil
}

func TestRotationRunsTheFourStepsAndMovesAWSCURRENT(t *testing.T) {
	t.Parallel()
	w, r := newRotator(t)
	_, err := rotate(w, sm.RotateSecretInput{})
	wantError(t, err, "InvalidRequestException", "doesn't already have a Lambda function ARN configured")
	in := sm.RotateSecretInput{RotationLambdaARN: aws.String(function), RotationRules: &types.RotationRulesType{AutomaticallyAfterDays: aws.Int64(30)}}
	id := must[string](t)(rotate(w, in))
	if got := w.get(t, "s", ""); got != "of "+id {
		t.Errorf("value %q, want that of version %s", got, id)
	}
	if got := w.get(t, "s", "AWSPREVIOUS"); got != "first" {
		t.Errorf("previous value %q", got)
	}
	if diff := cmp.Diff([]string{"createSecret", "setSecret", "testSecret", "finishSecret"}, r.events); diff != "" {
		t.Error(diff)
	}
	if stages := w.stages(t, "s")[id]; len(stages) != 1 {
		t.Errorf("the new version has %v, want AWSCURRENT only", stages)
	}
	d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: aws.String("s")}))
	if !*d.RotationEnabled || *d.RotationLambdaARN != function || !d.NextRotationDate.Equal(w.Now().AddDate(0, 0, 30)) || !d.LastRotatedDate.Equal(w.Now()) {
		t.Errorf("rotation: %+v", d)
	}
	timed := iam.Source{Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{Service: iam.Strings{"secretsmanager.amazonaws.com"}},
		Action: iam.Strings{"lambda:InvokeFunction"}, Resource: iam.Strings{function},
		Condition: iam.Condition{"DateLessThan": {"aws:CurrentTime": {"2026-06-01T00:00:00Z"}}, "DateGreaterThan": {"aws:CurrentTime": {"2026-04-01T00:00:00Z"}}},
	}}}}
	for _, c := range r.calls {
		asked := api.Access{Action: "lambda:InvokeFunction", Resource: function, ResourceAccount: home, Policy: &timed}
		if err := w.Authorize(c, asked); err != nil {
			t.Errorf("a policy with an end keeps the call out: %v", err)
		}
		if c.Caller != iam.ServicePrincipal("secretsmanager.amazonaws.com") || c.Context["aws:SourceArn"][0] != *d.ARN {
			t.Errorf("the function was invoked by %s for %v", c.Caller, c.Context)
		}
	}
	// The configuration is kept, and a repeated request is the same one.
	next := must[string](t)(rotate(w, sm.RotateSecretInput{ClientRequestToken: aws.String(token)}))
	if again := must[string](t)(rotate(w, sm.RotateSecretInput{ClientRequestToken: aws.String(token)})); again != next || len(r.events) != 8 {
		t.Errorf("a repetition gave version %s after %d steps", again, len(r.events))
	}
	must[*sm.CancelRotateSecretOutput](t)(w.admin().CancelRotateSecret(ctx, &sm.CancelRotateSecretInput{SecretId: aws.String("s")}))
	if d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: aws.String("s")})); aws.ToBool(d.RotationEnabled) || d.NextRotationDate != nil {
		t.Errorf("after the cancellation: %+v", d)
	}
}

func TestRotationThatFailsIsToldAndTriedAgain(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			w, r := newRotator(t)
			r.failAt = step
			in := sm.RotateSecretInput{RotationLambdaARN: aws.String(function), ClientRequestToken: aws.String(token)}
			_, err := rotate(w, in)
			wantError(t, err, "InvalidRequestException", "failed in step "+step+": Unhandled: Broken at "+step)
			if got := w.get(t, "s", ""); got != "first" {
				t.Errorf("value %q after a failed rotation", got)
			}
			if diff := cmp.Diff([]string{"AWSPENDING"}, w.stages(t, "s")[token]); diff != "" {
				t.Error(diff)
			}
			r.failAt = ""
			_, err = rotate(w, sm.RotateSecretInput{})
			wantError(t, err, "InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted.")
			if got := w.get(t, "s", ""); got != "of "+token {
				t.Errorf("value %q after the second attempt", got)
			}
		})
	}
}

func TestRotationThatMovesNothingIsAFailure(t *testing.T) {
	t.Parallel()
	w, _ := newRotator(t)
	w.function = func(api.Call, []byte) ([]byte, string, error) { return nil, "", nil }
	_, err := rotate(w, sm.RotateSecretInput{RotationLambdaARN: aws.String(function), ClientRequestToken: aws.String(token)})
	wantError(t, err, "InvalidRequestException", "is not AWSCURRENT")
	_, err = w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s"), VersionStage: aws.String("AWSPENDING")})
	wantError(t, err, "ResourceNotFoundException", "staging label: AWSPENDING")
	w.function = func(api.Call, []byte) ([]byte, string, error) {
		return nil, "", api.Errorf(403, "AccessDeniedException", "no")
	}
	_, err = rotate(w, sm.RotateSecretInput{ClientRequestToken: aws.String(token)})
	wantError(t, err, "AccessDeniedException", "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.")
	w.function = func(api.Call, []byte) ([]byte, string, error) { return nil, "", errors.New("gone") }
	_, err = rotate(w, sm.RotateSecretInput{ClientRequestToken: aws.String(token)})
	wantError(t, err, "InvalidRequestException", "gone")
}

func TestRotationNeedsTheRightToInvoke(t *testing.T) {
	t.Parallel()
	w, r := newRotator(t)
	w.Allow(user(home, "no-invoke"), "secretsmanager:*")
	_, err := w.client(home+"/no-invoke", region).RotateSecret(ctx, &sm.RotateSecretInput{SecretId: aws.String("s"), RotationLambdaARN: aws.String(function)})
	wantError(t, err, "AccessDeniedException", "lambda:InvokeFunction")
	for _, in := range []sm.RotateSecretInput{
		{RotationLambdaARN: aws.String("rotate")},
		{RotationLambdaARN: aws.String(function), RotationRules: &types.RotationRulesType{AutomaticallyAfterDays: aws.Int64(1001)}},
		{RotationLambdaARN: aws.String(function), RotationRules: &types.RotationRulesType{ScheduleExpression: aws.String("daily")}},
		{RotationLambdaARN: aws.String(function), RotationRules: &types.RotationRulesType{AutomaticallyAfterDays: aws.Int64(1), ScheduleExpression: aws.String("rate(1 day)")}},
	} {
		_, err := rotate(w, in)
		wantError(t, err, "InvalidParameterException", "Rotation")
	}
	if len(r.events) != 0 {
		t.Errorf("the function was invoked: %v", r.events)
	}
}

func TestRotateImmediatelyFalseOnlyTests(t *testing.T) {
	t.Parallel()
	w, r := newRotator(t)
	before := w.stages(t, "s")
	in := sm.RotateSecretInput{RotationLambdaARN: aws.String(function), RotateImmediately: aws.Bool(false), RotationRules: &types.RotationRulesType{ScheduleExpression: aws.String("rate(12 hours)")}}
	must[string](t)(rotate(w, in))
	if diff := cmp.Diff([]string{"testSecret"}, r.events); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(before, w.stages(t, "s")); diff != "" {
		t.Errorf("the test left something behind: %s", diff)
	}
	d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: aws.String("s")}))
	if !*d.RotationEnabled || !d.NextRotationDate.Equal(w.Now().Add(12*time.Hour)) {
		t.Errorf("rotation: %+v", d)
	}
}

func TestParallelRotationsDoNotMix(t *testing.T) {
	t.Parallel()
	w, r := newRotator(t)
	must[string](t)(rotate(w, sm.RotateSecretInput{RotationLambdaARN: aws.String(function)}))
	var done sync.Map
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			id, err := rotate(w, sm.RotateSecretInput{})
			if err == nil {
				done.Store(id, true)
				return
			}
			var e interface{ ErrorMessage() string }
			if !errors.As(err, &e) || e.ErrorMessage() != "A previous rotation isn't complete. That rotation will be reattempted." {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	done.Range(func(any, any) bool { n++; return true })
	if n == 0 || len(r.events) != 4*(n+1) {
		t.Errorf("%d rotations of 8 went through, with %d steps", n, len(r.events))
	}
	if got := w.stages(t, "s"); len(got) != 2 {
		t.Errorf("labels %v, want AWSCURRENT and AWSPREVIOUS", got)
	}
}
