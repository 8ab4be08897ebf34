package cloudformation

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// slow makes its resources in a time that is given.
type slow struct {
	api.Provider
	takes time.Duration
}

func (p slow) Create(ctx context.Context, s api.StackContext, id string, properties json.RawMessage) (api.Resource, error) {
	select {
	case <-time.After(p.takes):
	case <-ctx.Done():
		return api.Resource{}, ctx.Err()
	}
	return p.Provider.Create(ctx, s, id, properties)
}

// ask sends a request and waits for nothing but its answer.
func (f *fake) ask(c api.Call, form string) string {
	r := httptest.NewRequest("POST", "/", strings.NewReader(form+"&Version=2010-05-15"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	f.Serve(w, r, c)
	return w.Body.String()
}

// The difference that docs/local-aws.md states: AWS answers at once.
func TestDescribeStacksWaitsForAnOperationButNotForLong(t *testing.T) {
	for _, x := range []struct {
		name, describe string
		takes          time.Duration // the operation
		gone           time.Duration // when the client goes away; 0: never
		answered       time.Duration
		status         string
	}{
		{"ends", "Action=DescribeStacks&StackName=app", time.Second, 0, time.Second, "CREATE_COMPLETE"},
		{"goes on", "Action=DescribeStacks&StackName=app", time.Minute, 0, holdsFor, "CREATE_IN_PROGRESS"},
		{"without the client", "Action=DescribeStacks&StackName=app", time.Minute, time.Second, time.Second, "CREATE_IN_PROGRESS"},
		{"all stacks", "Action=DescribeStacks", time.Second, 0, 0, "CREATE_IN_PROGRESS"},
		{"another operation", "Action=ListStacks", time.Second, 0, 0, "CREATE_IN_PROGRESS"},
	} {
		t.Run(x.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.providers["AWS::KMS::Key"] = slow{f, x.takes}
				f.ask(caller(home), `Action=CreateStack&StackName=app&TemplateBody={"Resources":{"Key":{"Type":"AWS::KMS::Key"}}}`)
				c := caller(home)
				if x.gone > 0 {
					ctx, cancel := context.WithTimeout(t.Context(), x.gone)
					defer cancel()
					c.Gone = ctx.Done()
				}
				begin := time.Now()
				got := f.ask(c, x.describe)
				if !strings.Contains(got, "<StackStatus>"+x.status+"<") {
					t.Errorf("want %s: %s", x.status, got)
				}
				equal(t, "answered after", time.Since(begin), x.answered)
			})
		})
	}
}

// Whoever waits keeps nobody else waiting, and the end of the service ends it.
func TestAHeldDescribeStacksBlocksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.providers["AWS::KMS::Key"] = slow{f, time.Minute}
		f.ask(caller(home), `Action=CreateStack&StackName=app&TemplateBody={"Resources":{"Key":{"Type":"AWS::KMS::Key"}}}`)
		held := make(chan string)
		go func() { held <- f.ask(caller(home), "Action=DescribeStacks&StackName=app") }()
		synctest.Wait()
		begin := time.Now()
		for _, action := range []string{"Action=DescribeStackEvents&StackName=app", "Action=DescribeStacks", "Action=DescribeStacks&StackName=none"} {
			f.ask(caller(home), action)
		}
		f.Close()
		if got := <-held; !strings.Contains(got, "StackStatus") {
			t.Error(got)
		}
		equal(t, "everything took", time.Since(begin), 0)
	})
}
