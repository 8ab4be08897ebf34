package cloudformation

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// panicking is a provider with a mistake of its own.
type panicking struct {
	importer
	in string
}

func (p panicking) breaks(in string) {
	if p.in == in {
		panic("a mistake in " + in)
	}
}

func (p panicking) Create(ctx context.Context, x api.StackContext, id string, properties json.RawMessage) (api.Resource, error) {
	p.breaks("create")
	return p.importer.Create(ctx, x, id, properties)
}

func (p panicking) Update(ctx context.Context, x api.StackContext, id string, r api.Resource, before, after json.RawMessage) (api.Resource, error) {
	p.breaks("update")
	return p.importer.Update(ctx, x, id, r, before, after)
}

func (p panicking) Delete(ctx context.Context, x api.StackContext, id string, r api.Resource) error {
	p.breaks("delete")
	return p.importer.Delete(ctx, x, id, r)
}

func (p panicking) Import(x api.StackContext, r api.Resource, properties json.RawMessage) error {
	p.breaks("import")
	return p.importer.Import(x, r, properties)
}

func TestAPanicOfAProviderFailsTheResource(t *testing.T) {
	t.Parallel()
	const template = `{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Value":"%"}}}}`
	one, two := strings.ReplaceAll(template, "%", "1"), strings.ReplaceAll(template, "%", "2")
	for _, x := range []struct{ in, event, status, logged string }{
		{"create", "CREATE_FAILED", "ROLLBACK_COMPLETE", "creation of AWS::S3::Bucket"},
		{"update", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "update of AWS::S3::Bucket"},
		{"delete", "DELETE_FAILED", "DELETE_FAILED", "deletion of AWS::S3::Bucket"},
		{"import", "IMPORT_FAILED", "IMPORT_ROLLBACK_COMPLETE", "import of AWS::S3::Bucket"},
	} {
		t.Run(x.in, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			var log strings.Builder
			f.opt.Log = api.NewLog(&log)
			f.orphans()
			f.providers["AWS::S3::Bucket"] = panicking{importer{f}, x.in}
			switch x.in {
			case "import":
				f.changeSet("S", "IMPORT", retained, imports("A=a-1", "B=b-2")...)
				f.must(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
			case "update":
				f.deploy("S", one)
				f.deploy("S", two)
			default:
				f.deploy("S", one)
			}
			id := f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "StackId")
			if x.in == "delete" {
				f.must(home, "DeleteStack", "StackName=S")
			}
			equal(t, "status", f.status(id), x.status)
			equal(t, "reason", f.why(id, "A", x.event), "Internal Failure (Error Code: InternalFailure)")
			for _, want := range []string{"panic: a mistake in " + x.in + ", " + x.logged + "\n", "cloudformation.panicking.breaks("} {
				if !strings.Contains(log.String(), want) {
					t.Errorf("the log lacks %q: %s", want, log.String())
				}
			}
		})
	}
}

// A stack that said forever that its operation goes on could never be deleted.
func TestAPanicOfAnOperationFailsTheStack(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"CREATE_IN_PROGRESS": "CREATE_FAILED", "ROLLBACK_IN_PROGRESS": "ROLLBACK_FAILED", "DELETE_IN_PROGRESS": "DELETE_FAILED",
		"UPDATE_IN_PROGRESS": "UPDATE_FAILED", "UPDATE_ROLLBACK_IN_PROGRESS": "UPDATE_ROLLBACK_FAILED",
		"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":          "UPDATE_COMPLETE",
		"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_ROLLBACK_COMPLETE",
		"IMPORT_IN_PROGRESS":                           "IMPORT_ROLLBACK_FAILED", "IMPORT_ROLLBACK_IN_PROGRESS": "IMPORT_ROLLBACK_FAILED",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			var log strings.Builder
			f.opt.Log = api.NewLog(&log)
			f.deploy("S", `{"Resources":{"A":{"Type":"AWS::KMS::Key"}}}`)
			f.Service.mu.Lock()
			st := f.stacks[0]
			f.start(st, caller(home), status, "", func(o *operation) { o.locked(func() { panic("a mistake") }) })
			f.Service.mu.Unlock()
			f.Wait()
			stack := f.must(home, "DescribeStacks", "StackName=S").child("Stacks").child("member")
			equal(t, "status", stack.text("StackStatus"), want)
			equal(t, "reason", stack.text("StackStatusReason"), "Internal Failure")
			if !strings.Contains(log.String(), "panic: a mistake, operation on stack "+st.id+"\n") {
				t.Errorf("log: %s", log.String())
			}
			f.must(home, "DeleteStack", "StackName=S")
			equal(t, "status", f.status(st.id), "DELETE_COMPLETE")
		})
	}
}
