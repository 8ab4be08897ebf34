package keystatus_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account/accounttest"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/keystatus"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A secret's life: new, rotated, a key taken out on purpose and by hand, a
// rotation that does not end, deleted.
func TestSecret(t *testing.T) {
	t.Parallel()
	a := accounttest.New(t).Open(t)
	s, err := a.SSEC(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client := secretsmanager.NewFromConfig(a.Config)
	read := func(now time.Time) *keystatus.Secret {
		t.Helper()
		x, err := keystatus.ReadSecret(t.Context(), client, s.SecretARN, now)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	ring := func(version string) (*ssec.Ring, string) {
		t.Helper()
		r, id, err := keystatus.ReadRing(t.Context(), client, s.SecretARN, version)
		if err != nil {
			t.Fatal(err)
		}
		return r, id
	}
	put := func(r *ssec.Ring, labels ...string) {
		t.Helper()
		if _, err := client.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: &s.SecretARN, SecretString: aws.String(r.Text()), VersionStages: labels}); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	first, id := ring("AWSCURRENT")
	x := read(now)
	if x.Version != id || x.Size != len(first.Text()) || x.Lost != nil || x.Rotation != (keystatus.Rotation{}) || now.Sub(x.Changed).Abs() > time.Minute {
		t.Errorf("new: %+v", x)
	}

	second, err := first.Rotate(ssec.NewID(now), ssec.NewRandomKey(), id)
	if err != nil {
		t.Fatal(err)
	}
	put(second)
	_, id = ring("AWSCURRENT")
	third, err := second.Retire("k0", id)
	if err != nil {
		t.Fatal(err)
	}
	put(third)
	if x := read(now); x.Lost != nil {
		t.Errorf("retired: %+v", x)
	}
	if old, _ := ring(id); old.Len() != 2 {
		t.Error("a version is not found by its id")
	}

	put(first)
	if x := read(now); len(x.Lost) != 1 || x.Lost[0] != third.IDs()[0] {
		t.Errorf("overwritten: %+v", x)
	}

	put(second, "AWSPENDING")
	if x := read(now); x.Rotation.Pending == "" || x.Rotation.Stuck {
		t.Errorf("under way: %+v", x.Rotation)
	}
	if x := read(now.Add(2 * time.Hour)); !x.Rotation.Stuck {
		t.Errorf("stuck: %+v", x.Rotation)
	}

	if _, err := client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: &s.SecretARN}); err != nil {
		t.Fatal(err)
	}
	_, err = keystatus.ReadSecret(t.Context(), client, s.SecretARN, now)
	var failed *function.Error
	if !errors.As(err, &failed) || failed.Type != function.SecretNotFound || failed.Text != "the secret is marked for deletion: aws secretsmanager restore-secret --secret-id "+s.SecretARN {
		t.Error(err)
	}
}
