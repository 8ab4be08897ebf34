package secretsmanager_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"
)

const token = "11111111-1111-4111-8111-111111111111"

// The first four tests are those that moto 5.2.1 does not pass.

func TestGetWithoutStageFollowsAWSCURRENT(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, one := w.create(t, "s", "one")
	two := w.put(t, "s", "two", "AWSPENDING")
	if got := w.get(t, "s", ""); got != "one" {
		t.Errorf("before the move: %q", got)
	}
	must[*sm.UpdateSecretVersionStageOutput](t)(w.admin().UpdateSecretVersionStage(ctx, &sm.UpdateSecretVersionStageInput{
		SecretId: aws.String("s"), VersionStage: aws.String("AWSCURRENT"), MoveToVersionId: &two, RemoveFromVersionId: &one,
	}))
	if got := w.get(t, "s", ""); got != "two" {
		t.Errorf("after the move: %q", got)
	}
	want := map[string][]string{one: {"AWSPREVIOUS"}, two: {"AWSCURRENT", "AWSPENDING"}}
	if diff := cmp.Diff(want, w.stages(t, "s")); diff != "" {
		t.Error(diff)
	}
}

func TestALabelIsOnOneVersionOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, one := w.create(t, "s", "one")
	two := w.put(t, "s", "two")
	if diff := cmp.Diff(map[string][]string{one: {"AWSPREVIOUS"}, two: {"AWSCURRENT"}}, w.stages(t, "s")); diff != "" {
		t.Error(diff)
	}
	three := w.put(t, "s", "three", "mine", "AWSCURRENT")
	four := w.put(t, "s", "four", "mine")
	want := map[string][]string{two: {"AWSPREVIOUS"}, three: {"AWSCURRENT"}, four: {"mine"}}
	if diff := cmp.Diff(want, w.stages(t, "s")); diff != "" {
		t.Error(diff)
	}
	if got := w.get(t, "s", "AWSPREVIOUS") + w.get(t, "s", "mine") + w.get(t, "s", "AWSCURRENT"); got != "twofourthree" {
		t.Errorf("by label: %s", got)
	}
}

func TestATokenNamesOneValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn, first := w.create(t, "s", "one")
	put := func(value string) error {
		_, err := w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretString: &value, ClientRequestToken: aws.String(token)})
		return err
	}
	if err := put("two"); err != nil {
		t.Fatal(err)
	}
	three := w.put(t, "s", "three")
	if err := put("two"); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if diff := cmp.Diff(map[string][]string{token: {"AWSPREVIOUS"}, three: {"AWSCURRENT"}}, w.stages(t, "s")); diff != "" {
		t.Errorf("the repetition moved a label: %s", diff)
	}
	text := "You can't use ClientRequestToken " + token + " because that value is already in use for a version of secret " + arn + "."
	wantError(t, put("other"), "ResourceExistsException", text)
	_, err := w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretBinary: []byte("two"), ClientRequestToken: aws.String(token)})
	wantError(t, err, "ResourceExistsException", text)
	_, err = w.admin().UpdateSecret(ctx, &sm.UpdateSecretInput{SecretId: aws.String("s"), SecretString: aws.String("two"), ClientRequestToken: aws.String(token)})
	wantError(t, err, "ResourceExistsException", text)
	if got := w.get(t, "s", ""); got != "three" {
		t.Errorf("value is %q", got)
	}
	_, err = w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretString: aws.String("x"), ClientRequestToken: aws.String("short")})
	wantError(t, err, "InvalidParameterException", "ClientRequestToken must be 32-64 characters long.")
	again := func(value string) error {
		_, err := w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("s"), SecretString: &value, ClientRequestToken: &first})
		return err
	}
	if err := again("one"); err != nil {
		t.Errorf("the same CreateSecret again: %v", err)
	}
	wantError(t, again("other"), "ResourceExistsException", "ClientRequestToken")
	_, err = w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("s"), SecretString: aws.String("one")})
	wantError(t, err, "ResourceExistsException", "The operation failed because the secret s already exists.")
}

func TestValuesOf65536BytesAndNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := strings.Repeat("x", 65536)
	w.create(t, "s", full)
	if got := w.get(t, "s", ""); got != full {
		t.Errorf("%d bytes came back", len(got))
	}
	for _, in := range []sm.PutSecretValueInput{
		{SecretString: aws.String(full + "x")}, {SecretBinary: []byte(full + "x")}, {SecretString: aws.String(strings.Repeat("é", 32769))},
	} {
		in.SecretId = aws.String("s")
		_, err := w.admin().PutSecretValue(ctx, &in)
		wantError(t, err, "ValidationException", "65536")
	}
	must[*sm.PutSecretValueOutput](t)(w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretBinary: []byte{0, 255}}))
	out := must[*sm.GetSecretValueOutput](t)(w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s")}))
	if !bytes.Equal(out.SecretBinary, []byte{0, 255}) || out.SecretString != nil {
		t.Errorf("binary value came back as %v, %v", out.SecretBinary, out.SecretString)
	}
}

func TestStageMovesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, one := w.create(t, "s", "one")
	two := w.put(t, "s", "two", "AWSPENDING")
	three := w.put(t, "s", "three", "mine")
	for name, tc := range map[string]struct{ stage, to, from, code, message string }{
		"label in use, no from":  {"AWSCURRENT", two, "", "InvalidParameterException", "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version " + one},
		"label in use elsewhere": {"AWSCURRENT", two, three, "InvalidParameterException", "it must be set to the version that currently has the staging label AWSCURRENT"},
		"AWSCURRENT taken away":  {"AWSCURRENT", "", one, "InvalidParameterException", "can't be completely removed"},
		"label not there":        {"mine", "", one, "InvalidParameterException", "not attached"},
		"no such version":        {"mine", token, three, "ResourceNotFoundException", token},
		"neither":                {"mine", "", "", "InvalidParameterException", "MoveToVersionId"},
	} {
		t.Run(name, func(t *testing.T) {
			in := &sm.UpdateSecretVersionStageInput{SecretId: aws.String("s"), VersionStage: &tc.stage}
			if tc.to != "" {
				in.MoveToVersionId = &tc.to
			}
			if tc.from != "" {
				in.RemoveFromVersionId = &tc.from
			}
			_, err := w.admin().UpdateSecretVersionStage(ctx, in)
			wantError(t, err, tc.code, tc.message)
		})
	}
	want := map[string][]string{one: {"AWSCURRENT"}, two: {"AWSPENDING"}, three: {"mine"}}
	if diff := cmp.Diff(want, w.stages(t, "s")); diff != "" {
		t.Errorf("a refused move moved something: %s", diff)
	}
	must[*sm.UpdateSecretVersionStageOutput](t)(w.admin().UpdateSecretVersionStage(ctx, &sm.UpdateSecretVersionStageInput{SecretId: aws.String("s"), VersionStage: aws.String("mine"), RemoveFromVersionId: &three}))
	_, err := w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s"), VersionStage: aws.String("mine")})
	wantError(t, err, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: mine")
	_, err = w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s"), VersionId: aws.String(token)})
	wantError(t, err, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for VersionId: "+token)
	_, err = w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s"), VersionId: &one, VersionStage: aws.String("AWSPENDING")})
	wantError(t, err, "InvalidRequestException", "You provided a VersionStage that is not associated to the provided VersionId.")
	if out := must[*sm.GetSecretValueOutput](t)(w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s"), VersionId: &three})); *out.SecretString != "three" || len(out.VersionStages) != 0 {
		t.Errorf("a version without label: %q %v", *out.SecretString, out.VersionStages)
	}
}

func TestTwentyLabelsAndNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, "s", "0")
	for i := range 18 { // with AWSCURRENT that makes 19
		w.put(t, "s", fmt.Sprint(i), fmt.Sprintf("label-%d", i))
	}
	_, err := w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretString: aws.String("x"), VersionStages: []string{"AWSCURRENT", "one-more"}})
	wantError(t, err, "LimitExceededException", "20 staging labels") // AWSPREVIOUS counts
	w.put(t, "s", "x")
	_, err = w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretString: aws.String("x"), VersionStages: []string{"one-more"}})
	wantError(t, err, "LimitExceededException", "20 staging labels")
	w.put(t, "s", "y")
	w.put(t, "s", "y", "label-3")
}

func TestOldVersionsWithoutLabelAreRemovedBeyondAHundred(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, first := w.create(t, "s", "0")
	must[*sm.UpdateSecretVersionStageOutput](t)(w.admin().UpdateSecretVersionStage(ctx, &sm.UpdateSecretVersionStageInput{SecretId: aws.String("s"), VersionStage: aws.String("keep"), MoveToVersionId: &first}))
	second := w.put(t, "s", "1")
	w.Advance(time.Second)
	for i := range 110 {
		w.put(t, "s", fmt.Sprint(i))
	}
	count := func() (n int, ids map[string]bool) {
		ids = map[string]bool{}
		// Pages of ten, since an answer that is sent in one piece arrives whole:
		// net/http's client now and then closes a connection under a longer one
		// when a server answers so fast, and this client tries nothing twice.
		p := sm.NewListSecretVersionIdsPaginator(w.admin(), &sm.ListSecretVersionIdsInput{SecretId: aws.String("s"), IncludeDeprecated: aws.Bool(true), MaxResults: aws.Int32(10)})
		for p.HasMorePages() {
			for _, v := range must[*sm.ListSecretVersionIdsOutput](t)(p.NextPage(ctx)).Versions {
				ids[*v.VersionId] = true
			}
		}
		return len(ids), ids
	}
	if n, _ := count(); n != 112 {
		t.Errorf("%d versions within 24 hours, want all 112", n)
	}
	w.Advance(24*time.Hour + time.Second)
	w.put(t, "s", "last")
	n, ids := count()
	if n != 100 || !ids[first] || ids[second] {
		t.Errorf("%d versions; labelled one kept: %v, oldest without label kept: %v; want 100, true, false", n, ids[first], ids[second])
	}
	plain := must[*sm.ListSecretVersionIdsOutput](t)(w.admin().ListSecretVersionIds(ctx, &sm.ListSecretVersionIdsInput{SecretId: aws.String("s")}))
	if len(plain.Versions) != 3 {
		t.Errorf("%d versions with a label, want 3", len(plain.Versions))
	}
}

func TestParallelWritersLeaveOneCurrentVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, "s", "0")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 5 {
				value := fmt.Sprintf("%d-%d", i, j)
				out, err := w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: aws.String("s"), SecretString: &value})
				if err != nil {
					t.Error(err)
					return
				}
				got, err := w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s"), VersionId: out.VersionId})
				if err != nil || *got.SecretString != value {
					t.Errorf("version %s: %v", *out.VersionId, err)
				}
			}
		})
	}
	wg.Wait()
	labels := map[string]int{}
	for _, stages := range w.stages(t, "s") {
		for _, l := range stages {
			labels[l]++
		}
	}
	if diff := cmp.Diff(map[string]int{"AWSCURRENT": 1, "AWSPREVIOUS": 1}, labels); diff != "" {
		t.Error(diff)
	}
}
