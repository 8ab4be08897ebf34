package lambda

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

const (
	other = "ffeeddccbbaa99887766554433221100fedcba98765432100123456789abcdef"
	third = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"

	onlyK0    = `{"v":1,"primary":"k0","k0":"` + digits + `"}`
	onlyK1    = `{"v":1,"primary":"k1","k1":"` + other + `"}`
	added     = `{"v":1,"primary":"k1","k0":"` + digits + `","k1":"` + other + `"}`
	replaced  = `{"v":1,"primary":"k0","k0":"` + other + `"}`
	replacedB = `{"v":1,"primary":"k0","k0":"` + third + `"}`
)

// edit replaces the secret's value by hand, as `aws secretsmanager
// put-secret-value` does.
func edit(t *testing.T, server *objecttest.Server, text string) {
	t.Helper()
	if _, err := secretsmanager.NewFromConfig(server.Admin).PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{
		SecretId: &server.SecretARN, SecretString: &text, VersionStages: []string{"AWSCURRENT"},
	}); err != nil {
		t.Fatal(err)
	}
}

// wantError demands a failure of a type from a function that just started.
func wantError(t *testing.T, env []string, name, event, errorType string, words ...string) {
	t.Helper()
	a := startFunction(t, name, env...).invoke(t, event)
	m := fields(t, a)
	text, _ := m["errorMessage"].(string)
	if !a.failed || m["errorType"] != errorType {
		t.Errorf("%s %s: %s, want %s", name, event, a.body, errorType)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%s %s: %q does not say %q", name, event, text, word)
		}
	}
	checkNoKey(t, a.body)
}

// wantRefused demands that the rotation function begins no rotation of a ring
// that lacks keys: the version that still has them would lose its last label.
func wantRefused(t *testing.T, server *objecttest.Server, env []string) {
	t.Helper()
	announce(t, server, token(9))
	wantError(t, append(env[:len(env):len(env)], "PROBE_KEY=probe"), "rotate", step(server, "createSecret", token(9)), "S3Seal.KeyLost", "k0", "AWSPREVIOUS")
}

// These are the ways to change the ring by hand that somebody tries, and what the
// functions say then.
func TestSlipsOfAHand(t *testing.T) {
	t.Parallel()

	t.Run("a key is added: warm puts stay on the old one, and all is readable", func(t *testing.T) {
		t.Parallel()
		server, env := environment(t)
		warm := startFunction(t, "put", env...)
		warm.put(t, "a")
		edit(t, server, added)
		if id := warm.put(t, "b"); id != "k0" {
			t.Errorf("a warm put is under %s", id)
		}
		if id := startFunction(t, "put", env...).put(t, "c"); id != "k1" {
			t.Errorf("a cold put is under %s", id)
		}
		checkRead(t, startFunction(t, "get", env...), "a", "b", "c")
	})

	t.Run("the old key is removed: its objects can't be read until it is put back", func(t *testing.T) {
		t.Parallel()
		server, env := environment(t)
		startFunction(t, "put", env...).put(t, "a")
		edit(t, server, added)
		edit(t, server, onlyK1)
		wantError(t, env, "get", `{"key":"a"}`, "S3Seal.NoMatchingKey", "[k1]", `"k0"`)
		wantRefused(t, server, env)
		edit(t, server, added)
		checkRead(t, startFunction(t, "get", env...), "a")
		if a := startRotate(t, env).invoke(t, step(server, "createSecret", token(9))); a.failed {
			t.Errorf("the rotation after the key is back: %s", a.body)
		}
	})

	t.Run("a key is added and the old one removed at once: a warm put succeeds under it", func(t *testing.T) {
		t.Parallel()
		server, env := environment(t)
		warm := startFunction(t, "put", env...)
		warm.put(t, "a")
		edit(t, server, onlyK1)
		if id := warm.put(t, "b"); id != "k0" {
			t.Errorf("a warm put is under %s", id)
		}
		wantError(t, env, "get", `{"key":"b"}`, "S3Seal.NoMatchingKey", `"k0"`)
		wantRefused(t, server, env)
	})

	t.Run("the key is replaced under its name: the tag names a key that doesn't open the object", func(t *testing.T) {
		t.Parallel()
		server, env := environment(t)
		startFunction(t, "put", env...).put(t, "a")
		edit(t, server, replaced)
		wantError(t, env, "get", `{"key":"a"}`, "S3Seal.NoMatchingKey", "[k0]", `"k0"`)
		wantRefused(t, server, env)
	})

	t.Run("it is replaced twice: no label is on the first version", func(t *testing.T) {
		t.Parallel()
		server, env := environment(t)
		startFunction(t, "put", env...).put(t, "a")
		edit(t, server, replaced)
		edit(t, server, replacedB)
		wantError(t, env, "get", `{"key":"a"}`, "S3Seal.NoMatchingKey", `"k0"`)
		wantRefused(t, server, env)
		client := secretsmanager.NewFromConfig(server.Admin)
		versions, err := client.ListSecretVersionIds(t.Context(), &secretsmanager.ListSecretVersionIdsInput{SecretId: &server.SecretARN, IncludeDeprecated: aws.Bool(true)})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range versions.Versions {
			out, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &server.SecretARN, VersionId: v.VersionId})
			if err == nil && *out.SecretString == onlyK0 && len(v.VersionStages) > 0 {
				t.Errorf("the first version has %v", v.VersionStages)
			}
		}
		// All keys in one ring open all objects, whatever their tags say.
		edit(t, server, `{"v":1,"primary":"k3","k0":"`+other+`","first":"`+digits+`","k2":"`+third+`","k3":"`+strings.Repeat("ab", 32)+`"}`)
		checkRead(t, startFunction(t, "get", env...), "a")
	})
}
