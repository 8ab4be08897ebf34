package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/localaws"
)

func rotatedStack(t testing.TB, change func(template map[string]any), oldnew ...string) string {
	t.Helper()
	return stageStack(t, "rotation", change, oldnew...)
}

// ringStage is a deployed stage with a rotation.
type ringStage struct {
	t       *testing.T
	s       *localaws.Server
	secrets *secretsmanager.Client
	secret  string
}

func deployRotation(t *testing.T) ringStage {
	s := start(t)
	uploadFunctions(t, s)
	createStack(t, s, source, "turn-buckets", rotatedStack(t, nil))
	return ringStage{t, s, secretsmanager.NewFromConfig(config(t, s, s.Credentials(source))), output(t, s, source, "turn-buckets", "SseCKeyRingArn")}
}

func (r ringStage) ring() *ssec.Ring {
	r.t.Helper()
	out, err := r.secrets.GetSecretValue(r.t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &r.secret, VersionStage: aws.String("AWSCURRENT")})
	if err != nil {
		r.t.Fatal(err)
	}
	ring, err := ssec.ReadRing(out)
	if err != nil {
		r.t.Fatal(err)
	}
	return ring
}

func (r ringStage) rotate() error {
	_, err := r.secrets.RotateSecret(r.t.Context(), &secretsmanager.RotateSecretInput{SecretId: &r.secret})
	return err
}

// invoke invokes the function with an output's name.
func (r ringStage) invoke(out, payload string) (answer map[string]any) {
	r.t.Helper()
	name := output(r.t, r.s, source, "turn-buckets", out)
	a := newEndpoint(r.t, r.s, "lambda", source).send(r.t, "POST", "/2015-03-31/functions/"+name+"/invocations", nil, payload)
	if err := json.Unmarshal([]byte(a.body), &answer); err != nil || a.header.Get("X-Amz-Function-Error") != "" {
		r.t.Fatalf("%s %s: %s", out, payload, a.body)
	}
	return answer
}

func (r ringStage) checkRead(keys ...string) {
	r.t.Helper()
	for _, key := range keys {
		if got := r.invoke("SseCGet", fmt.Sprintf(`{"key":%q}`, key)); got["body"] != key {
			r.t.Errorf("%s is read as %v", key, got)
		}
	}
}

// TestRotationOfADeployedStage: with the roles, the permission and the schedule
// that the constructs make.
func TestRotationOfADeployedStage(t *testing.T) {
	t.Parallel()
	r := deployRotation(t)
	// The deployment has tried the function out, and changed nothing.
	if ids := r.ring().IDs(); len(ids) != 1 || ids[0] != "k0" {
		t.Errorf("keys %v after the deployment", ids)
	}
	var keys []string
	for _, key := range []string{"a", "b", "c"} {
		r.invoke("SseCPut", fmt.Sprintf(`{"key":%q,"body":%[1]q}`, key))
		keys = append(keys, key)
		if err := r.rotate(); err != nil {
			t.Fatal(err)
		}
		r.checkRead(keys...)
	}
	if ids := r.ring().IDs(); len(ids) != 4 || ids[0] == "k0" {
		t.Errorf("keys %v after three rotations", ids)
	}
	// Several at once: each that begins while another one runs is refused.
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 6 {
		all.Go(func() {
			if r.rotate() == nil {
				mu.Lock()
				done++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if n := r.ring().Len(); done == 0 || n != 4+done {
		t.Errorf("%d keys after %d more rotations", n, done)
	}
	r.checkRead(keys...)
	bucket := output(t, r.s, source, "turn-buckets", "SseCBucket")
	client := s3Client(t, r.s, source)
	listed, err := client.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &bucket})
	if err != nil || len(listed.Versions) != len(keys) || len(listed.DeleteMarkers) > 0 {
		t.Errorf("versions %v: %v", listed, err)
	}
	begun, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &bucket})
	if err != nil || len(begun.Uploads) > 0 {
		t.Errorf("uploads %v: %v", begun, err)
	}
}

// TestARotationThatIsTurnedOffLosesNothing: without its line in stages.yaml the
// stack has neither schedule nor function, and the ring is as it was.
func TestARotationThatIsTurnedOffLosesNothing(t *testing.T) {
	t.Parallel()
	r := deployRotation(t)
	r.invoke("SseCPut", `{"key":"a","body":"a"}`)
	if err := r.rotate(); err != nil {
		t.Fatal(err)
	}
	before := r.ring()
	a := cloudFormation(t, r.s, source, "UpdateStack", "StackName=turn-buckets", "Capabilities.member.1=CAPABILITY_NAMED_IAM", "TemplateBody="+rotatedStack(t, func(template map[string]any) {
		delete(template["Outputs"].(map[string]any), "SseCRotate")
		resources := template["Resources"].(map[string]any)
		for id := range resources {
			if strings.HasPrefix(id, "SseCRotation") {
				delete(resources, id)
			}
		}
	}))
	if status := settle(t, r.s, source, "turn-buckets"); a.status != 200 || status != "UPDATE_COMPLETE" {
		t.Fatalf("%d %s: %s %q", a.status, a.message, status, reasons(t, r.s, source, "turn-buckets"))
	}
	out, err := r.secrets.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &r.secret})
	if err != nil || aws.ToBool(out.RotationEnabled) {
		t.Errorf("the rotation is on: %v", err)
	}
	if after := r.ring(); after.Text() != before.Text() {
		t.Error("the ring is another one")
	}
	r.checkRead("a")
}
