package cloudformation

import (
	"strings"
	"testing"
)

const (
	keyTemplate     = `{"Resources":{"K":{"Type":"AWS::KMS::Key","Properties":{"Value":"a"}}}}`
	changedTemplate = `{"Resources":{"K":{"Type":"AWS::KMS::Key","Properties":{"Value":"b"}}}}`
	staying         = `{"Resources":{"K":{"Type":"AWS::KMS::Key","DeletionPolicy":"Retain","Properties":{"Value":"a"}}}}`
)

// TestHandlersNeedMoreThanTheirServices: what a handler reads of a resource must be
// allowed too. Who may not is told by name, and nothing is left behind.
func TestHandlersNeedMoreThanTheirServices(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ denied, during, status, history string }{
		{"kms:CreateKey", "CREATE", "ROLLBACK_COMPLETE", "create K delete K"},
		{"kms:GetKeyPolicy", "CREATE", "ROLLBACK_COMPLETE", "create K delete K"},
		{"kms:DescribeKey", "CREATE", "ROLLBACK_COMPLETE", "create K delete K"},
		{"kms:ScheduleKeyDeletion", "DELETE", "DELETE_FAILED", "create K"},
		{"kms:EnableKeyRotation", "", "CREATE_COMPLETE", "create K"}, // the template doesn't ask for it
	} {
		f := newFake(t)
		f.denied[test.denied+" "+home] = true
		f.deploy("S", keyTemplate)
		if test.during == "DELETE" {
			f.must(home, "DeleteStack", "StackName=S")
		}
		equal(t, test.denied, f.status("S"), test.status)
		equal(t, test.denied, strings.Join(f.history(), " "), test.history)
		if test.during != "" {
			if why := f.why("S", "K", test.during+"_FAILED"); !strings.Contains(why, "is not authorized to perform: "+test.denied+" on resource: ") {
				t.Errorf("%s: %q", test.denied, why)
			}
		}
	}
}

// TestUpdatesAreAskedForFirst: a resource whose change is refused stays as it is.
func TestUpdatesAreAskedForFirst(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", keyTemplate)
	f.denied["kms:ListResourceTags "+home] = true
	equal(t, "status", f.deploy("S", changedTemplate), "UPDATE_ROLLBACK_FAILED") // it is asked again to take it back
	equal(t, "calls", strings.Join(f.history(), " "), "create K")
}

// TestWhatStaysIsNotAskedFor: no handler is called for a resource that is retained.
func TestWhatStaysIsNotAskedFor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.denied["kms:ScheduleKeyDeletion "+home] = true
	f.deploy("S", staying)
	f.must(home, "DeleteStack", "StackName=S")
	if _, err := f.do(home, "DescribeStacks", "StackName=S"); f.made["k-1"] == "" || err == nil {
		t.Errorf("key: %q, stack: %v", f.made["k-1"], err)
	}
}
