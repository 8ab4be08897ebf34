package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account/accounttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

// rotated puts three objects into the stage's bucket under the key k0, and then
// makes k1 the primary key.
func rotated(t *testing.T, world *accounttest.World) {
	t.Helper()
	a := world.Open(t)
	s, err := a.SSEC(t.Context())
	check(t, err)
	secrets, client := secretsmanager.NewFromConfig(a.Config), s3.NewFromConfig(a.Config)
	secret, err := secrets.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &s.SecretARN, VersionStage: aws.String("AWSCURRENT")})
	check(t, err)
	ring, err := ssec.ParseRing(*secret.SecretString)
	check(t, err)
	_, key := ring.Primary()
	for i := range 3 {
		in := &s3.PutObjectInput{Bucket: &s.Bucket, Key: aws.String(fmt.Sprintf("object %d", i)), Body: strings.NewReader("text"), Tagging: aws.String(ssec.KeyIDTag + "=k0")}
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key.Customer()
		_, err := client.PutObject(t.Context(), in)
		check(t, err)
	}
	next, err := ring.Rotate("k1", ssec.NewKey([ssec.KeySize]byte(bytes.Repeat([]byte{1}, ssec.KeySize))), *secret.VersionId)
	check(t, err)
	_, err = secrets.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: &s.SecretARN, SecretString: aws.String(next.Text())})
	check(t, err)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
