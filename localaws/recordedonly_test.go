package localaws_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws"
)

// recordedOnly have, for each line of "What is recorded only" in
// docs/local-aws.md, a test that it is kept and that nothing acts on it.
var recordedOnly = map[string]func(*testing.T){
	"lifecycle and metrics configurations of buckets: nothing expires, and no answer says when an object will": func(t *testing.T) {
		t.Parallel()
		var now clock
		s := start(t, func(o *localaws.Options) { o.Now = now.now })
		put(t, withBucket(t, s, "acme"), "acme", "k", []byte("text"))
		for _, c := range []struct{ subresource, body, kept string }{
			{"lifecycle", `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>old</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>`, "<Days>1</Days>"},
			{"metrics&id=all", `<MetricsConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Id>all</Id></MetricsConfiguration>`, "<Id>all</Id>"},
		} {
			if status, answer := call(t, s, "s3", "PUT /acme?"+c.subresource, c.body); status >= 300 {
				t.Errorf("%s: %d %s", c.subresource, status, answer)
			}
			if _, answer := call(t, s, "s3", "GET /acme?"+c.subresource, ""); !strings.Contains(answer, c.kept) {
				t.Errorf("%s is not kept: %s", c.subresource, answer)
			}
		}
		now.offset = 10 * 24 * time.Hour
		if status, answer := sendAt(t, s, now.now(), "s3", "GET", "/acme/k", "", nil); status != http.StatusOK || answer != "text" {
			t.Errorf("after ten days: %d %s", status, answer)
		}
	},

	"the schedule of a secret's rotation: `RotateSecret` rotates at once, nothing rotates by itself": func(t *testing.T) {
		t.Parallel()
		var now clock
		s := start(t, func(o *localaws.Options) { o.Now = now.now })
		file := filepath.Join(t.TempDir(), "invocations")
		withFunction(t, s, "echo x >> '"+file+"'\nexit 1\n", nil)
		secret := newSecret(t, s)
		rotate(t, s, secret)
		now.offset = 10 * 24 * time.Hour
		_, answer := sendAt(t, s, now.now(), "secretsmanager", "POST", "/", `{"SecretId":"`+secret+`"}`, map[string]string{"X-Amz-Target": "secretsmanager.DescribeSecret"})
		if !strings.Contains(answer, `"RotationEnabled":true`) || !strings.Contains(answer, `"ScheduleExpression":"rate(4 hours)"`) {
			t.Errorf("the schedule is not kept: %s", answer)
		}
		if invocations, err := os.ReadFile(file); err != nil || string(invocations) != "x\n" {
			t.Errorf("ten days later the function was invoked: %q %v", invocations, err)
		}
	},

	"a function's memory size, storage size and tracing: told to the function or shown, not enforced": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withFunction(t, s, `echo "told $AWS_LAMBDA_FUNCTION_MEMORY_SIZE"
echo "held $(head -c 140000000 /dev/zero | tail -c 140000000 | wc -c)"
echo "room $(df -Pk /tmp | tail -n 1 | tr -s ' ' | cut -d ' ' -f 2)"
`, func(p object) {
			p["MemorySize"], p["EphemeralStorage"], p["TracingConfig"], p["Timeout"] = 128, object{"Size": 512}, object{"Mode": "Active"}, 30
		})
		log := runs(t, s)
		if !strings.Contains(log, "told 128\n") || !strings.Contains(log, "held 140000000\n") || strings.Contains(log, "room 524288\n") || !strings.Contains(log, "room ") {
			t.Error(log)
		}
		_, shown := call(t, s, "lambda", "GET /2015-03-31/functions/run/configuration", "")
		for _, want := range []string{`"MemorySize":128`, `"EphemeralStorage":{"Size":512}`, `"TracingConfig":{"Mode":"Active"}`} {
			if !strings.Contains(shown, want) {
				t.Errorf("%s, want %s", shown, want)
			}
		}
	},

	"the timeout of a nested stack": func(t *testing.T) {
		t.Parallel()
		var later atomic.Bool
		s := start(t, func(o *localaws.Options) {
			o.Now = func() time.Time { // the client's clock is between the two
				if later.Load() {
					return time.Now().Add(14 * time.Minute)
				}
				return time.Now().Add(-14 * time.Minute)
			}
		})
		put(t, withBucket(t, s, "assets"), "assets", "child", []byte(topics(300)))
		if status, answer := call(t, s, "cloudformation", "CreateStack", `StackName=app&TemplateBody={"Resources":{"N":{"Type":"AWS::CloudFormation::Stack",`+
			`"Properties":{"TimeoutInMinutes":1,"TemplateURL":"https://s3.amazonaws.com/assets/child"}}}}`); status != 200 {
			t.Fatal(answer)
		}
		later.Store(true)
		if got := settle(t, s); got != "CREATE_COMPLETE" {
			t.Errorf("stack is %s", got)
		}
		_, resource := call(t, s, "cloudformation", "DescribeStackResource", "StackName=app&LogicalResourceId=N")
		if _, answer := call(t, s, "cloudformation", "DescribeStacks", "StackName="+element(resource, "PhysicalResourceId")); element(answer, "TimeoutInMinutes") != "1" {
			t.Errorf("the timeout is not kept: %s", answer)
		}
	},

	"the resource types that say \"recorded\" below: their properties are not even checked": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		_, recorded := s.ResourceTypes()
		resources := object{}
		for i, typ := range recorded {
			resources[fmt.Sprintf("R%d", i)] = object{"Type": typ, "Properties": object{"Colour": "red"}}
		}
		template, err := json.Marshal(object{"Resources": resources})
		if err != nil {
			t.Fatal(err)
		}
		if len(recorded) == 0 || !create(t, s, string(template)) {
			t.Errorf("%d recorded types", len(recorded))
		}
		_, answer := call(t, s, "cloudformation", "DescribeStackResources", "StackName=app")
		for _, typ := range recorded {
			if !strings.Contains(answer, "<ResourceType>"+typ+"</ResourceType>") {
				t.Errorf("%s is not kept: %s", typ, answer)
			}
			service := strings.ToLower(strings.Split(typ, "::")[1])
			if status, answer := send(t, s, service, "POST", "/", "", nil); status < 400 || !strings.Contains(answer, service) {
				t.Errorf("%s answers: %d %s", service, status, answer)
			}
		}
	},
}
