package lambda

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

var steps = []string{"createSecret", "setSecret", "testSecret", "finishSecret"}

// token is the id of the nth version that a rotation makes.
func token(n int) string { return fmt.Sprintf("%08d-0000-4000-8000-000000000000", n) }

// announce begins a rotation as Secrets Manager does; its function can't be
// invoked, so that the test carries out the steps.
func announce(t *testing.T, server *objecttest.Server, token string) {
	t.Helper()
	_, err := secretsmanager.NewFromConfig(server.Admin).RotateSecret(t.Context(), &secretsmanager.RotateSecretInput{
		SecretId: &server.SecretARN, ClientRequestToken: &token,
		RotationLambdaARN: aws.String("arn:aws:lambda:us-east-1:111122223333:function:none"),
	})
	if err == nil || !strings.Contains(err.Error(), "can't be invoked") && !strings.Contains(err.Error(), "cannot invoke") {
		t.Fatal(err)
	}
}

func startRotate(t *testing.T, env []string) *function {
	t.Helper()
	return startFunction(t, "rotate", append(env[:len(env):len(env)], "PROBE_KEY=probe")...)
}

// step is the event of a step.
func step(server *objecttest.Server, step, token string) string {
	return fmt.Sprintf(`{"Step":%q,"SecretId":%q,"ClientRequestToken":%q,"RotationToken":"not-for-a-log"}`, step, server.SecretARN, token)
}

// finish takes AWSPENDING off the version, as Secrets Manager does in the end.
func finish(t *testing.T, server *objecttest.Server, token string) {
	t.Helper()
	if _, err := secretsmanager.NewFromConfig(server.Admin).UpdateSecretVersionStage(t.Context(), &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &server.SecretARN, VersionStage: aws.String("AWSPENDING"), RemoveFromVersionId: &token,
	}); err != nil {
		t.Fatal(err)
	}
}

// rotateBy makes a whole rotation, and returns the id of the new primary key.
func rotateBy(t *testing.T, f *function, server *objecttest.Server, token string) string {
	t.Helper()
	announce(t, server, token)
	for _, s := range steps {
		if a := f.invoke(t, step(server, s, token)); a.failed || a.body != "null" {
			t.Fatalf("%s answered %s", s, a.body)
		}
	}
	finish(t, server, token)
	return primary(t, server)
}

func currentRing(t *testing.T, server *objecttest.Server) *ssec.Ring {
	t.Helper()
	out, err := secretsmanager.NewFromConfig(server.Admin).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{
		SecretId: &server.SecretARN, VersionStage: aws.String("AWSCURRENT"),
	})
	if err != nil {
		t.Fatal(err)
	}
	ring, err := ssec.ReadRing(out)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func primary(t *testing.T, server *objecttest.Server) string {
	t.Helper()
	id, _ := currentRing(t, server).Primary()
	return id
}

// checkRead demands that a function reads objects whose bodies are their keys.
func checkRead(t *testing.T, get *function, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if a := get.invoke(t, fmt.Sprintf(`{"key":%q}`, key)); a.failed || fields(t, a)["body"] != key {
			t.Errorf("%s: %s", key, a.body)
		}
	}
}

// put uploads an object whose body is its key, and returns the id of its SSE-C
// key.
func (f *function) put(t *testing.T, key string) string {
	t.Helper()
	a := f.invoke(t, fmt.Sprintf(`{"key":%q,"body":%[1]q}`, key))
	id, _ := fields(t, a)["keyId"].(string)
	if a.failed || id == "" {
		t.Fatalf("put answered %s", a.body)
	}
	return id
}

func TestEveryObjectIsReadableAcrossTwoRotations(t *testing.T) {
	t.Parallel()
	server, env := environment(t)
	put, get, rotate := startFunction(t, "put", env...), startFunction(t, "get", env...), startRotate(t, env)
	put.put(t, "a")
	checkRead(t, get, "a")
	keys := []string{"a"}
	for n, key := range []string{"b", "c"} {
		id := rotateBy(t, rotate, server, token(n))
		// A warm function has the ring from before, a cold one has not.
		if got := put.put(t, key+" warm"); got != "k0" {
			t.Errorf("a put function read the ring again within its time: %s", got)
		}
		if got := startFunction(t, "put", env...).put(t, key+" cold"); got != id {
			t.Errorf("a cold put function writes under %s, want %s", got, id)
		}
		keys = append(keys, key+" warm", key+" cold")
		checkRead(t, get, keys...)
		checkRead(t, startFunction(t, "get", env...), keys...)
	}
	ring := currentRing(t, server)
	if ring.Len() != 3 {
		t.Errorf("keys %v after two rotations", ring.IDs())
	}
	checkNoKey(t, put.output.String(), get.output.String(), rotate.output.String())
	if text := rotate.output.String(); strings.Contains(text, "not-for-a-log") || !strings.Contains(text, ring.IDs()[0]) {
		t.Errorf("log: %s", text)
	}
}

// The process of the rotation function is killed in a call of Secrets Manager,
// and another one begins again.
func TestARotationGoesOnAfterItsProcessWasKilled(t *testing.T) {
	t.Parallel()
	for n, c := range []struct{ step, operation string }{
		{"createSecret", "DescribeSecret"},
		{"createSecret", "GetSecretValue"},
		{"createSecret", "PutSecretValue"},
		{"finishSecret", "UpdateSecretVersionStage"},
	} {
		server, env := environment(t)
		put := startFunction(t, "put", env...)
		put.put(t, "a")
		announce(t, server, token(n))
		rotate := startRotate(t, env)
		for _, s := range steps {
			if s == c.step {
				break
			}
			if a := rotate.invoke(t, step(server, s, token(n))); a.failed {
				t.Fatal(a.body)
			}
		}
		reached := make(chan struct{}, 8)
		server.Lock()
		server.Fault = func(operation string) *objecttest.Fault {
			if operation != c.operation {
				return nil
			}
			reached <- struct{}{}
			return &objecttest.Fault{Hang: true}
		}
		server.Unlock()
		rotate.events <- event{"id", step(server, c.step, token(n)), time.Now().Add(time.Minute)}
		<-reached
		rotate.kill()
		server.Lock()
		server.Fault = nil
		server.Unlock()
		next := startRotate(t, env)
		for _, s := range steps {
			if a := next.invoke(t, step(server, s, token(n))); a.failed {
				t.Errorf("killed in %s: %s answers %s", c.operation, s, a.body)
			}
		}
		if ring := currentRing(t, server); ring.Len() != 2 {
			t.Errorf("killed in %s: keys %v", c.operation, ring.IDs())
		}
		put.put(t, "b")
		checkRead(t, startFunction(t, "get", env...), "a", "b")
	}
}

// Tests build a function whose ring is old after half a second, in place of five
// minutes: what is announced is that time and the function's timeout.
func TestNoPutIsUnderAnOlderKeyAfterTheAnnouncedTime(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a function")
	}
	binary := filepath.Join(t.TempDir(), "put")
	if out, err := exec.Command("go", "build", "-tags", "lambda.norpc,chaos", "-o", binary, "./put").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const kept = 500 * time.Millisecond
	server, env := environment(t)
	rotate := startRotate(t, env)
	warm := []*function{startBinary(t, binary, env...), startBinary(t, binary, env...)}
	for n := range 4 {
		for _, put := range warm {
			put.put(t, "before")
		}
		id := rotateBy(t, rotate, server, token(n))
		// From here on, no ring can be read that is older.
		deadline := time.Now().Add(kept)
		for i, late := 0, 0; late < 4; i++ {
			began := time.Now()
			if got := warm[i%2].put(t, "after"); got != id && began.After(deadline) {
				t.Fatalf("%s after the rotation a put is under %s, and the primary is %s", began.Sub(deadline.Add(-kept)), got, id)
			}
			if began.After(deadline) {
				late++
			}
		}
	}
	// Also if Secrets Manager answers no more: there is no put then.
	server.Lock()
	server.Fault = func(operation string) *objecttest.Fault {
		if operation == "GetSecretValue" {
			return &objecttest.Fault{Status: 500, Code: "InternalServiceError"}
		}
		return nil
	}
	server.Unlock()
	time.Sleep(kept)
	if a := warm[0].invoke(t, `{"key":"late","body":"x"}`); !a.failed || fields(t, a)["errorType"] != "S3Seal.Unavailable" {
		t.Errorf("a put without a ring answers %s", a.body)
	}
}
