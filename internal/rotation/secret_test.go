package rotation

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

func (w *world) turnOff() {
	w.t.Helper()
	if _, err := w.secrets.CancelRotateSecret(w.t.Context(), &secretsmanager.CancelRotateSecretInput{SecretId: &w.SecretARN}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) leftovers() (versions, uploads int) {
	w.t.Helper()
	listed, err := w.s3.ListObjectVersions(w.t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(objecttest.Bucket)})
	if err != nil {
		w.t.Fatal(err)
	}
	begun, err := w.s3.ListMultipartUploads(w.t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(objecttest.Bucket)})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(listed.Versions) + len(listed.DeleteMarkers), len(begun.Uploads)
}

func TestCreateSecretRefusesASecretThatIsNoRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.edit(`{"password":"p"}`, "", "")
	w.announce(tokenA)
	w.wantType(w.run(w.rotator(nil, nil), tokenA, "createSecret"), function.BadSecret)
	w.wantType(w.run(w.rotator(nil, nil), tokenA, "testSecret"), function.BadSecret)
	if _, err := w.secrets.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: &w.SecretARN, SecretBinary: []byte(one)}); err != nil {
		t.Fatal(err)
	}
	w.wantType(w.run(w.rotator(nil, nil), tokenA, "createSecret"), function.BadSecret, "binary")
	w.edit(one, "", "")
	if err := w.run(w.rotator(nil, nil), tokenA, allSteps...); err != nil {
		t.Error("after the secret is a ring again:", err)
	}
	w.rotated(tokenA)
}

func TestCreateSecretChangesNothingWhenTheRingIsFull(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(`{"v":1,"primary":"k0"`)
	for i := 0; text.Len()+len(`,"k000":""}`)+64 <= ssec.MaxText; i++ {
		fmt.Fprintf(&text, `,"k%d":"%064x"`, i, i)
	}
	w := newWorld(t, text.String()+"}")
	id, ring := w.ring("AWSCURRENT")
	w.announce(tokenA)
	w.wantType(w.run(w.rotator(nil, nil), tokenA, "createSecret"), RingFull, "retire")
	if now, _ := w.ring("AWSCURRENT"); now != id {
		t.Errorf("AWSCURRENT is %s, was %s", now, id)
	}
	// After a retirement the same rotation goes on.
	ring, err := ring.Retire("k1", id)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the ring gets a parent, and a longer id
		if ring, err = ring.Retire(ring.IDs()[1], id); err != nil {
			t.Fatal(err)
		}
	}
	w.edit(ring.Text(), "", "")
	if err := w.run(w.rotator(nil, nil), tokenA, allSteps...); err != nil {
		t.Error(err)
	}
	w.rotated(tokenA)
}

// A rotation would move AWSPREVIOUS off the last version with the key.
func TestAKeyThatWasTakenOutByHandStopsTheRotation(t *testing.T) {
	t.Parallel()
	dropped := `{"v":1,"primary":"k1","k1":"` + hex1 + `"}`
	server := newWorld(t, two)
	begin := func(text string) *world {
		w := server.with(two)
		w.edit(text, "", "")
		w.announce(tokenA)
		return w
	}
	for _, text := range []string{
		dropped,
		`{"v":1,"primary":"k1","k0":"` + hex2 + `","k1":"` + hex1 + `"}`, // replaced under its name
		`{"v":1,"primary":"k1","parent":"` + tokenB + `","k1":"` + hex1 + `"}`,
	} {
		w := begin(text)
		id, _ := w.ring("AWSCURRENT")
		w.wantType(w.run(w.rotator(nil, nil), tokenA, "createSecret"), KeyLost, "k0", "AWSPREVIOUS")
		if now, _ := w.ring("AWSCURRENT"); now != id {
			t.Errorf("AWSCURRENT is %s, was %s", now, id)
		}
	}
	for name, repair := range map[string]func(w *world){
		"put back":              func(w *world) { w.edit(two, "", "") },
		"given up":              func(w *world) { before, _ := w.ring("AWSPREVIOUS"); w.move("AWSPREVIOUS", before, "") },
		"renamed, and no other": func(w *world) { w.edit(`{"v":1,"primary":"k1","a":"`+hex0+`","k1":"`+hex1+`"}`, "", "") },
	} {
		w := begin(dropped)
		repair(w)
		if err := w.run(w.rotator(nil, nil), tokenA, allSteps...); err != nil {
			t.Error(name, err)
		}
		w.rotated(tokenA)
	}
	// A rollback of AWSCURRENT takes a key out, too.
	w := server.with(one)
	first, _ := w.ring("AWSCURRENT")
	w.rotate(tokenA)
	w.move("AWSCURRENT", tokenA, first)
	w.announce(tokenB)
	w.wantType(w.run(w.rotator(nil, nil), tokenB, "createSecret"), KeyLost)
}

// Secrets Manager tries a new configuration out by testSecret alone, on a
// version whose content isn't documented.
func TestTestSecretAlone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"no value": "", "the current value": two} {
		w := newWorld(t, two)
		w.announce(tokenA)
		if text != "" {
			w.edit(text, tokenA, "AWSPENDING")
		}
		if err := w.run(w.rotator(nil, nil), tokenA, "testSecret"); err != nil {
			t.Error(name, err)
		}
		if len(w.labels()[tokenA]) != 1 {
			t.Errorf("%s: the version has %v", name, w.labels()[tokenA])
		}
		w.untouched()
	}
}

func TestTestSecretFailsWhereS3RefusesTheKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, one)
	w.announce(tokenA)
	w.SetEncryption(t, types.EncryptionTypeSseC, nil)
	w.wantType(w.run(w.rotator(nil, nil), tokenA, allSteps...), function.AccessDenied, "BlockedEncryptionTypes")
	w.untouched()
	w.SetEncryption(t, types.EncryptionTypeNone, nil)
	if err := w.run(w.rotator(nil, nil), tokenA, allSteps...); err != nil {
		t.Error(err)
	}
	w.rotated(tokenA)
}
