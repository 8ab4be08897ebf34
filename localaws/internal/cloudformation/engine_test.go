package cloudformation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const twoBuckets = `{"Resources":{
	"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Fn::Sub":"${A}-${A.Arn}-${AWS::Region}"}}},
	"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"one"}}},
	"Outputs":{"Arn":{"Value":{"Fn::GetAtt":["A","Arn"]}}}}`

func TestCreateMakesDependenciesFirstAndShowsEveryEvent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	equal(t, "status", f.deploy("S", twoBuckets), "CREATE_COMPLETE")
	equal(t, "calls", f.history(), []string{"create A", "create B"})
	equal(t, "properties", f.made["b-2"], `{"BucketName":"a-1-arn:a-1-eu-west-1"}`)
	equal(t, "output", f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "Outputs", "member", "OutputValue"), "arn:a-1")
	equal(t, "events", f.events("S"), []string{
		"S CREATE_IN_PROGRESS",
		"A CREATE_IN_PROGRESS", "A CREATE_IN_PROGRESS", "A CREATE_COMPLETE",
		"B CREATE_IN_PROGRESS", "B CREATE_IN_PROGRESS", "B CREATE_COMPLETE",
		"S CREATE_COMPLETE",
	})
}

func TestUpdateTouchesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	f.history()
	equal(t, "status", f.deploy("S", strings.Replace(twoBuckets, "one", "two", 1)), "UPDATE_COMPLETE")
	equal(t, "calls", f.history(), []string{"update A"})
	_, err := f.do(home, "UpdateStack", "StackName=S", "TemplateBody="+strings.Replace(twoBuckets, "one", "two", 1))
	wantError(t, err, "ValidationError: No updates are to be performed.")
}

func TestReplacementMakesTheNewFirstAndDeletesTheOldAtTheEnd(t *testing.T) {
	t.Parallel()
	const template = `{"Resources":{
		"A":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"first"}},
		"B":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Ref":"A"}}}}}`
	f := newFake(t)
	f.deploy("S", template)
	f.history()
	equal(t, "status", f.deploy("S", strings.Replace(template, "first", "second", 1)), "UPDATE_COMPLETE")
	equal(t, "calls", f.history(), []string{"create A", "update B", "delete A"})
	if _, old := f.made["a-1"]; old || f.made["a-3"] == "" || f.made["b-2"] != `{"Value":"a-3"}` {
		t.Errorf("made: %v", f.made)
	}
	if !slices.Contains(f.events("S"), "S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") {
		t.Errorf("events: %v", f.events("S"))
	}
}

func TestPoliciesKeepResources(t *testing.T) {
	t.Parallel()
	const template = `{"Resources":{
		"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain","UpdateReplacePolicy":"Retain","Properties":{"BucketName":"first"}},
		"B":{"Type":"AWS::KMS::Key"}}}`
	f := newFake(t)
	f.deploy("S", template)
	f.deploy("S", strings.Replace(template, "first", "second", 1))
	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "calls", f.history(), []string{"create A", "create B", "create A", "delete B"})
	if f.made["a-1"] == "" || f.made["a-3"] == "" {
		t.Errorf("a retained bucket is gone: %v", f.made)
	}
	_, err := f.do(home, "DescribeStacks", "StackName=S")
	wantError(t, err, "ValidationError: Stack with id S does not exist")
}

func TestFailedCreateRollsBackAndSaysWhy(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.fail["create B"] = "bucket name taken"
	equal(t, "status", f.deploy("S", twoBuckets), "ROLLBACK_COMPLETE")
	equal(t, "calls", f.history(), []string{"create A", "create B", "delete A"})
	equal(t, "reason", f.why("S", "B", "CREATE_FAILED"), "bucket name taken (Error Code: InvalidRequest)")
	equal(t, "left", len(f.made), 0)
	_, err := f.do(home, "UpdateStack", "StackName=S", "TemplateBody="+twoBuckets)
	wantError(t, err, "is in ROLLBACK_COMPLETE state and can not be updated")
}

func TestAnUnknownPropertyIsNamedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	equal(t, "status", f.deploy("S", `{"Resources":{"A":{"Type":"AWS::KMS::Key"},"B":{"Type":"AWS::S3::Bucket","DependsOn":"A","Properties":{"Colour":"red"}}}}`), "ROLLBACK_COMPLETE")
	if why := f.why("S", "B", "CREATE_FAILED"); !strings.Contains(why, `"Colour"`) {
		t.Errorf("reason %q does not name the property", why)
	}
	equal(t, "left", len(f.made), 0)
}

func TestRetainExceptOnCreateIsDeletedByARollback(t *testing.T) {
	t.Parallel()
	for policy, left := range map[string]int{"Retain": 1, "RetainExceptOnCreate": 0, "Delete": 0} {
		f := newFake(t)
		f.fail["create B"] = "no"
		f.deploy("S", strings.Replace(twoBuckets, `"AWS::KMS::Key"`, `"AWS::KMS::Key","DeletionPolicy":"`+policy+`"`, 1))
		equal(t, "left with "+policy, len(f.made), left)
	}
}

func TestFailedUpdateRestoresEverything(t *testing.T) {
	t.Parallel()
	const before = `{"Resources":{
		"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"one"}},
		"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"first"}},
		"C":{"Type":"AWS::KMS::Key","Properties":{"Value":"c"}},
		"Z":{"Type":"AWS::KMS::Key","DependsOn":["A","B"],"Properties":{"Value":"z"}}}}`
	const after = `{"Resources":{
		"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"two"}},
		"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"second"}},
		"N":{"Type":"AWS::KMS::Key"},
		"Z":{"Type":"AWS::KMS::Key","DependsOn":["A","B","N"],"Properties":{"Value":"zz"}}}}`
	f := newFake(t)
	f.deploy("S", before)
	made := f.copyMade()
	f.history()
	f.fail["update Z"] = "not today"
	f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+after)
	// Z fails again when its properties are put back.
	equal(t, "status", f.status("S"), "UPDATE_ROLLBACK_FAILED")
	delete(f.fail, "update Z")
	f.must(home, "ContinueUpdateRollback", "StackName=S")
	equal(t, "status", f.status("S"), "UPDATE_ROLLBACK_COMPLETE")
	equal(t, "made", f.copyMade(), made)
	equal(t, "calls", f.history(), []string{"update A", "create B", "create N", "update Z", "update Z", "update Z", "update A", "delete N", "delete B"})
	body := f.must(home, "GetTemplate", "StackName=S").text("TemplateBody")
	equal(t, "template", body, before)
	equal(t, "resources", len(f.must(home, "ListStackResources", "StackName=S").child("StackResourceSummaries").Children), 4)
}

func (f *fake) copyMade() map[string]string {
	m := map[string]string{}
	for k, v := range f.made {
		m[k] = v
	}
	return m
}

func TestWithoutRollbackTheStackStaysAsItIs(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	f.fail["update A"] = "no"
	two := strings.Replace(twoBuckets, "one", "two", 1)
	equal(t, "status", f.deploy("S", two, "DisableRollback=true"), "UPDATE_FAILED")
	_, err := f.do(home, "UpdateStack", "StackName=S", "TemplateBody="+two)
	wantError(t, err, "non-terminal [UPDATE_FAILED] state")
	delete(f.fail, "update A")
	f.must(home, "RollbackStack", "StackName=S")
	equal(t, "status", f.status("S"), "UPDATE_ROLLBACK_COMPLETE")

	g := newFake(t)
	g.fail["create B"] = "no"
	equal(t, "status", g.deploy("S", twoBuckets, "DisableRollback=true"), "CREATE_FAILED")
	equal(t, "left", len(g.made), 1)
	g.must(home, "RollbackStack", "StackName=S", "RetainExceptOnCreate=true")
	equal(t, "status", g.status("S"), "ROLLBACK_COMPLETE")
	equal(t, "left", len(g.made), 0)
}

func TestAFailedDeletionLeavesWhatItNeeds(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	f.history()
	f.fail["delete B"] = "not empty"
	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "status", f.status("S"), "DELETE_FAILED")
	equal(t, "calls", f.history(), []string{"delete B"})
	f.must(home, "DeleteStack", "StackName=S", "RetainResources.member.1=B")
	equal(t, "calls", f.history(), []string{"delete A"})
	equal(t, "left", len(f.made), 1)
}

func TestTerminationProtection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets, "EnableTerminationProtection=true")
	_, err := f.do(home, "DeleteStack", "StackName=S")
	wantError(t, err, "cannot be deleted while TerminationProtection is enabled")
	f.must(home, "UpdateTerminationProtection", "StackName=S", "EnableTerminationProtection=false")
	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "left", len(f.made), 0)
}

func TestChangedTagsUpdateWhatCarriesThem(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", `{"Resources":{"A":{"Type":"AWS::KMS::Key"},"M":{"Type":"AWS::CDK::Metadata"}}}`, "Tags.member.1.Key=k", "Tags.member.1.Value=v")
	f.history()
	f.must(home, "UpdateStack", "StackName=S", "UsePreviousTemplate=true", "Tags.member.1.Key=k", "Tags.member.1.Value=w")
	equal(t, "calls", f.history(), []string{"update A"})
	equal(t, "tag", f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "Tags", "member", "Value"), "w")
}

func TestEventsHaveTimesOfTheirOwn(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", twoBuckets)
	last := f.must(home, "DescribeStackEvents", "StackName=S").text("StackEvents", "member", "Timestamp")
	set := f.changeSet("S", "UPDATE", strings.Replace(twoBuckets, "one", "two", 1))
	if created := set.text("CreationTime"); created <= last {
		t.Errorf("change set made at %s, the last event before it at %s", created, last)
	}
	events := f.must(home, "DescribeStackEvents", "StackName=S").child("StackEvents").Children
	for i := 1; i < len(events); i++ {
		if newer, older := events[i-1].text("Timestamp"), events[i].text("Timestamp"); newer <= older {
			t.Errorf("event %d is at %s, the one before at %s", i, newer, older)
		}
	}
}

func TestEventsComeInPagesThatNewEventsDoNotMove(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", `{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"0"}}}}`)
	for i := range 30 {
		f.deploy("S", fmt.Sprintf(`{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"%d"}}}}`, i+1))
	}
	page := f.must(home, "DescribeStackEvents", "StackName=S")
	equal(t, "events of the first page", len(page.child("StackEvents").Children), eventsPerPage)
	last := page.child("StackEvents").Children[eventsPerPage-1].text("EventId")
	f.deploy("S", `{"Resources":{"A":{"Type":"AWS::KMS::Key","Properties":{"Value":"x"}}}}`)
	f.Service.mu.Lock()
	st := f.find(home, "eu-west-1", "S")
	n := slices.IndexFunc(st.events, func(e event) bool { return e.id == last })
	want := st.events[n-1].id
	f.Service.mu.Unlock()
	next := f.must(home, "DescribeStackEvents", "StackName=S", "NextToken="+page.text("NextToken"))
	equal(t, "first of the second page", next.text("StackEvents", "member", "EventId"), want)
}
