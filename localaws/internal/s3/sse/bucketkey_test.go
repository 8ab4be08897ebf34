package sse

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// countingKMS makes keys whose ciphertext says which one it is.
type countingKMS struct {
	api.KMS
	made int
}

func (k *countingKMS) GenerateDataKey(_ api.Call, id string, _ map[string]string) (api.DataKey, error) {
	k.made++
	return api.DataKey{KeyARN: id, Plaintext: bytes.Repeat([]byte{byte(k.made)}, 32), Ciphertext: []byte(fmt.Sprint(k.made))}, nil
}

func (k *countingKMS) Decrypt(_ api.Call, ciphertext []byte, _ map[string]string) (api.DataKey, error) {
	return api.DataKey{Plaintext: bytes.Repeat([]byte{ciphertext[0] - '0'}, 32)}, nil
}

// TestBucketKeyIsReused by one requester on one bucket, for a while.
func TestBucketKeyIsReused(t *testing.T) {
	t.Parallel()
	kms, now := &countingKMS{}, time.Now()
	keeper := NewKeeper(kms, func() time.Time { return now })
	one, other := Bucket{"arn:aws:s3:::one", "111122223333", "eu-west-1"}, Bucket{"arn:aws:s3:::other", "111122223333", "eu-west-1"}
	call := func(user string) api.Call {
		return api.Call{Caller: iam.User("arn:aws:iam::111122223333:user/" + user), Account: "111122223333", Secure: true}
	}
	scoped := call("a")
	scoped.Session = []iam.Source{{Name: "scope"}}
	const key = "arn:aws:kms:eu-west-1:111122223333:key/k"
	seen := map[string]bool{}
	for i, e := range []struct {
		call   api.Call
		bucket Bucket
		keyID  string
		later  time.Duration
		made   int
	}{
		{call("a"), one, key, 0, 1},
		{call("a"), one, key, bucketKeyLife, 1},
		{call("b"), one, key, 0, 2},
		{scoped, one, key, 0, 3},
		{call("a"), other, key, 0, 4},
		{call("a"), one, "alias/other", 0, 5},
		{call("a"), one, key, time.Second, 6},
	} {
		now = now.Add(e.later)
		got, dataKeys, err := keeper.Encrypt(e.call, e.bucket, "k", Wish{Mode: KMS, KeyID: e.keyID, BucketKey: true})
		if err != nil || kms.made != e.made {
			t.Fatalf("%d: %d bucket keys, want %d, %v", i, kms.made, e.made, err)
		}
		if string(got.fromKMS) != fmt.Sprint(e.made) || seen[string(dataKeys[0])] {
			t.Errorf("%d: under bucket key %s, or the data key of another object", i, got.fromKMS)
		}
		seen[string(dataKeys[0])] = true
		opened, err := keeper.DataKeys(e.call, e.bucket, &got, nil)
		if err != nil || !bytes.Equal(opened[0], dataKeys[0]) {
			t.Errorf("%d: opens as %x, %v", i, opened, err)
		}
	}
}
