package cloudformation

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// importer makes the fake an api.Importer of what it has made.
type importer struct{ *fake }

func (importer) Identifier() string { return "BucketName" }

func (i importer) Find(s api.StackContext, value string) (api.Resource, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.made[value] == "" {
		return api.Resource{}, api.Errorf(404, "NoSuchBucket", "no %s in account %s", value, s.Account)
	}
	return api.Resource{PhysicalID: value, Attributes: map[string]string{"Arn": "arn:" + value}}, nil
}

func (i importer) Import(s api.StackContext, r api.Resource, properties json.RawMessage) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.note(s, "import", strings.Join(append([]string{r.PhysicalID}, slices.Sorted(maps.Keys(s.Tags))...), " with "))
}

// imports is ResourcesToImport: "A=a-1" each, all of them buckets.
func imports(resources ...string) (parameters []string) {
	for i, r := range resources {
		id, value, _ := strings.Cut(r, "=")
		m := "ResourcesToImport.member." + strconv.Itoa(i+1) + "."
		parameters = append(parameters, m+"LogicalResourceId="+id, m+"ResourceType=AWS::S3::Bucket",
			m+"ResourceIdentifier.entry.1.key=BucketName", m+"ResourceIdentifier.entry.1.value="+value)
	}
	return parameters
}

const retained = `{"Resources":{
	"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain","Properties":{"Value":"x"}},
	"B":{"Type":"AWS::S3::Bucket","DeletionPolicy":"RetainExceptOnCreate","Properties":{"Value":{"Fn::GetAtt":["A","Arn"]}}}}}`

// orphans leaves the buckets a-1 and b-2 behind, of a stack that is deleted.
func (f *fake) orphans() {
	f.t.Helper()
	f.deploy("Old", retained)
	f.must(home, "DeleteStack", "StackName=Old")
	f.history()
}

func (f *fake) resources(stack string) (l []string) {
	f.t.Helper()
	for _, r := range f.must(home, "DescribeStackResources", "StackName="+stack).child("StackResources").Children {
		l = append(l, r.text("LogicalResourceId")+" "+r.text("PhysicalResourceId")+" "+r.text("ResourceStatus"))
	}
	return l
}

func TestADeletedStackTellsWhatItRetained(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", strings.Replace(retained, `"Resources":{`, `"Resources":{"K":{"Type":"AWS::KMS::Key"},`, 1))
	id := f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "StackId")
	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "resources", f.resources(id), []string{"A a-1 DELETE_SKIPPED", "B b-2 DELETE_SKIPPED", "K k-3 DELETE_COMPLETE"})
	_, err := f.do(home, "DescribeStackResources", "StackName=S")
	wantError(t, err, "Stack with id S does not exist")
}

// Whoever knows a resource's name finds its stack, whatever that is called.
func TestAResourceTellsItsStack(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.deploy("S", retained)
	found := f.must(home, "DescribeStackResources", "PhysicalResourceId=b-2")
	equal(t, "stack", found.text("StackResources", "member", "StackName"), "S")
	equal(t, "resources", len(found.child("StackResources").Children), 2)
	_, err := f.do(home, "DescribeStackResources", "PhysicalResourceId=b-2", "StackName=S")
	wantError(t, err, "can't both be specified")
	f.must(home, "DeleteStack", "StackName=S")
	_, err = f.do(home, "DescribeStackResources", "PhysicalResourceId=b-2")
	wantError(t, err, "Stack for b-2 does not exist")
}

func TestAnImportTakesResourcesAndMakesNone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.orphans()
	set := f.changeSet("S", "IMPORT", retained, append(imports("A=a-1", "B=b-2"), "Tags.member.1.Key=stage", "Tags.member.1.Value=dev")...)
	equal(t, "changes", changesOf(set), []string{"Import A", "Import B"})
	equal(t, "physical id", set.text("Changes", "member", "ResourceChange", "PhysicalResourceId"), "a-1")
	equal(t, "what B is to be", set.child("Changes").Children[1].text("ResourceChange", "AfterContext"), `{"Properties":{"Value":"arn:a-1"}}`)
	equal(t, "condition key", f.importTypes, []string{"AWS::S3::Bucket"})
	equal(t, "calls before the execution", f.history(), nil)
	f.must(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
	equal(t, "status", f.status("S"), "IMPORT_COMPLETE")
	equal(t, "calls", f.history(), []string{"import a-1 with stage", "import b-2 with stage"})
	equal(t, "events", f.events("S")[1:], []string{
		"S IMPORT_IN_PROGRESS", "A IMPORT_IN_PROGRESS", "A IMPORT_COMPLETE", "B IMPORT_IN_PROGRESS", "B IMPORT_COMPLETE", "S IMPORT_COMPLETE",
	})

	// From here on they are the stack's as if it had made them: what the import
	// could not bring comes now, and only what differs is touched.
	next := strings.Replace(strings.Replace(retained, `"x"`, `"y"`, 1), `"Resources":{`, `"Outputs":{"Arn":{"Value":{"Fn::GetAtt":["A","Arn"]}}},"Resources":{"K":{"Type":"AWS::KMS::Key"},`, 1)
	equal(t, "status", f.deploy("S", next), "UPDATE_COMPLETE")
	equal(t, "calls of the update", f.history(), []string{"update A", "create K"})
	equal(t, "output", f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "Outputs", "member", "OutputValue"), "arn:a-1")
	equal(t, "status", f.deploy("S", strings.Replace(next, `"DeletionPolicy":"Retain",`, "", 1)), "UPDATE_COMPLETE")
	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "left", slices.Sorted(maps.Keys(f.made)), []string{"b-2"})
}

// TestAnImportIntoAStack adds to a stack that is there, and touches nothing of
// it.
func TestAnImportIntoAStack(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.orphans()
	before := `{"Outputs":{"Key":{"Value":{"Ref":"K"}}},"Resources":{"K":{"Type":"AWS::KMS::Key"}}}`
	tags := []string{"Tags.member.1.Key=stage", "Tags.member.1.Value=dev"}
	f.deploy("S", before, tags...)
	f.history()
	with := strings.Replace(before, `"Resources":{`, `"Resources":{"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Delete"},`, 1)
	changes := f.changeSet("S", "IMPORT", with, append(imports("A=a-1"), tags...)...)
	equal(t, "changes", changesOf(changes), []string{"Import A"})
	f.must(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
	equal(t, "status", f.status("S"), "IMPORT_COMPLETE")
	equal(t, "calls", f.history(), []string{"import a-1 with stage"})
	equal(t, "resources", f.resources("S"), []string{"A a-1 IMPORT_COMPLETE", "K k-3 CREATE_COMPLETE"})
	equal(t, "output", f.must(home, "DescribeStacks", "StackName=S").text("Stacks", "member", "Outputs", "member", "OutputValue"), "k-3")

	// With more of the same stack beside it, an import changes nothing.
	for reason, changed := range map[string]string{
		"You have modified resources [K]": strings.Replace(with, `{"Type":"AWS::KMS::Key"}`, `{"Type":"AWS::KMS::Key","Properties":{"Value":"v"}}`, 1),
		"You have modified resources [A]": before,
	} {
		changed = strings.Replace(changed, `"Resources":{`, `"Resources":{"B":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"},`, 1)
		set := f.changeSet("S", "IMPORT", changed, append(imports("B=b-2"), tags...)...)
		if set.text("Status") != "FAILED" || !strings.Contains(set.text("StatusReason"), reason) {
			t.Errorf("%s: %s %s", reason, set.text("Status"), set.text("StatusReason"))
		}
		f.must(home, "DeleteChangeSet", "StackName=S", "ChangeSetName=c")
	}
	equal(t, "calls", f.history(), nil)
}

func TestImportsThatAreRefused(t *testing.T) {
	t.Parallel()
	one := `{"Resources":{"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"}}}`
	a := imports("A=a-1")
	for name, test := range map[string]struct {
		template   string
		parameters []string
		message    string
	}{
		"without DeletionPolicy":    {`{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}`, a, "The following resources to import [A] must have DeletionPolicy attribute specified in the template."},
		"a resource more":           {retained, a, "Resources [B] is missing from ResourceToImport list"},
		"with outputs":              {strings.Replace(one, `{"Resources"`, `{"Outputs":{"O":{"Value":"o"}},"Resources"`, 1), a, "you cannot modify or add [Outputs]"},
		"not in the template":       {one, imports("Z=a-1"), "names Z, which is no resource of the template"},
		"under a false condition":   {`{"Conditions":{"No":{"Fn::Equals":["a","b"]}},"Resources":{"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain","Condition":"No"}}}`, a, "names A, which is no resource of the template"},
		"of another type":           {strings.Replace(one, "S3::Bucket", "KMS::Key", 1), a, "ResourcesToImport says that A is of type AWS::S3::Bucket, and the template says AWS::KMS::Key"},
		"of a type without import":  {strings.Replace(one, "S3::Bucket", "ECR::Repository", 1), replaced(a, "S3::Bucket", "ECR::Repository"), "does not import resources of type AWS::ECR::Repository (A); it imports AWS::S3::Bucket"},
		"by another property":       {one, replaced(a, "key=BucketName", "key=Arn"), "ResourceIdentifier of A must be BucketName and nothing else, not [Arn]"},
		"by two properties":         {one, append(replaced(a, "x", "x"), "ResourcesToImport.member.1.ResourceIdentifier.entry.2.key=Arn", "ResourcesToImport.member.1.ResourceIdentifier.entry.2.value=v"), "not [Arn, BucketName]"},
		"without a value":           {one, imports("A="), "ResourceIdentifier of A must be BucketName"},
		"twice":                     {one, imports("A=a-1", "A=b-2"), "names A twice"},
		"of nothing":                {one, nil, "must name 1 to 200 resources"},
		"with existing ones":        {one, append(replaced(a, "x", "x"), "ImportExistingResources=true"), "without ImportExistingResources"},
		"in an update":              {one, append(replaced(a, "x", "x"), "ChangeSetType=CREATE"), "ResourcesToImport needs a change set of type IMPORT"},
		"with an unknown parameter": {one, append(replaced(a, "x", "x"), "ResourcesToImport.member.1.Colour=red"), "ResourcesToImport.member.1.Colour"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.orphans()
			_, err := f.do(home, "CreateChangeSet", append([]string{"StackName=S", "ChangeSetName=c", "ChangeSetType=IMPORT", "TemplateBody=" + test.template}, test.parameters...)...)
			wantError(t, err, test.message)
			equal(t, "calls", f.history(), nil)
			_, err = f.do(home, "DescribeStacks", "StackName=S")
			wantError(t, err, "does not exist")
		})
	}
}

func replaced(parameters []string, old, new string) []string {
	parameters = slices.Clone(parameters)
	for i := range parameters {
		parameters[i] = strings.Replace(parameters[i], old, new, 1)
	}
	return parameters
}

// TestChangeSetsThatCannotImport fail when they are made: nothing is executed.
func TestChangeSetsThatCannotImport(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.orphans()
	one := `{"Resources":{"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"}}}`
	two := `{"Resources":{"A":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"},"C":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain"}}}`
	f.deploy("Other", `{"Resources":{"Mine":{"Type":"AWS::S3::Bucket"}}}`) // mine-3
	for name, test := range map[string]struct{ template, reason string }{
		"A=nowhere":    {one, "A (AWS::S3::Bucket with the BucketName nowhere) cannot be imported: no nowhere in account " + home},
		"A=mine-3":     {one, "it already exists in stack " + f.must(home, "DescribeStacks", "StackName=Other").text("Stacks", "member", "StackId") + ", as Mine"},
		"A=a-1":        {strings.Replace(one, `"Retain"`, `"Retain","Properties":{"BucketName":"b-2"}`, 1), "A is to be imported with the BucketName a-1, and the template says b-2"},
		"A=a-1 C=a-1 ": {two, "A and C are the same AWS::S3::Bucket, a-1"},
	} {
		set := f.changeSet("S", "IMPORT", test.template, imports(strings.Fields(name)...)...)
		if set.text("Status")+set.text("ExecutionStatus") != "FAILEDUNAVAILABLE" || !strings.Contains(set.text("StatusReason"), test.reason) {
			t.Errorf("%s: %s %q, want %q", name, set.text("Status"), set.text("StatusReason"), test.reason)
		}
		_, err := f.do(home, "ExecuteChangeSet", "StackName=S", "ChangeSetName=c")
		wantError(t, err, "InvalidChangeSetStatus")
		f.must(home, "DeleteChangeSet", "StackName=S", "ChangeSetName=c")
	}
}

// TestAnImportThatFailsLetsGo: what was there when the change set was made is
// gone, or another's, when it is executed.
func TestAnImportThatFailsLetsGo(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.orphans()
	f.deploy("Old", `{"Outputs":{"Key":{"Value":{"Ref":"K"}}},"Resources":{"K":{"Type":"AWS::KMS::Key"}}}`)
	f.history()
	with := strings.Replace(retained, `{"Resources":{`, `{"Outputs":{"Key":{"Value":{"Ref":"K"}}},"Resources":{"K":{"Type":"AWS::KMS::Key"},`, 1)
	f.changeSet("Old", "IMPORT", with, imports("A=a-1", "B=b-2")...)
	f.changeSet("New", "IMPORT", retained, imports("A=a-1", "B=b-2")...)
	f.changeSet("Third", "IMPORT", retained, imports("A=a-1", "B=b-2")...)
	f.mu.Lock()
	content := f.made["b-2"]
	delete(f.made, "b-2")
	f.mu.Unlock()

	f.must(home, "ExecuteChangeSet", "StackName=Old", "ChangeSetName=c")
	equal(t, "status", f.status("Old"), "IMPORT_ROLLBACK_COMPLETE")
	equal(t, "calls", f.history(), []string{"import a-1"})
	if why := f.why("Old", "B", "IMPORT_FAILED"); !strings.Contains(why, "no b-2 in account") {
		t.Errorf("reason %q", why)
	}
	equal(t, "resources", f.resources("Old"), []string{"K k-3 CREATE_COMPLETE"})
	equal(t, "template", strings.Contains(f.must(home, "GetTemplate", "StackName=Old").text("TemplateBody"), `"A"`), false)
	equal(t, "after", f.deploy("Old", `{"Outputs":{"Key":{"Value":{"Ref":"K"}}},"Resources":{"K":{"Type":"AWS::KMS::Key","Properties":{"Value":"v"}}}}`), "UPDATE_COMPLETE")

	f.must(home, "ExecuteChangeSet", "StackName=New", "ChangeSetName=c")
	equal(t, "status", f.status("New"), "IMPORT_ROLLBACK_COMPLETE")
	equal(t, "resources", f.resources("New"), nil)
	_, err := f.do(home, "UpdateStack", "StackName=New", "TemplateBody="+retained)
	wantError(t, err, "has no template, as its import has failed")
	f.must(home, "DeleteStack", "StackName=New")

	f.mu.Lock()
	f.made["b-2"] = content
	f.mu.Unlock()
	f.changeSet("New", "IMPORT", retained, imports("A=a-1", "B=b-2")...)
	f.must(home, "ExecuteChangeSet", "StackName=New", "ChangeSetName=c")
	equal(t, "status", f.status("New"), "IMPORT_COMPLETE")
	f.must(home, "ExecuteChangeSet", "StackName=Third", "ChangeSetName=c")
	equal(t, "status", f.status("Third"), "IMPORT_ROLLBACK_COMPLETE")
	if why := f.why("Third", "A", "IMPORT_FAILED"); !strings.Contains(why, "it already exists in stack ") {
		t.Errorf("reason %q", why)
	}
	_, err = f.do(home, "CreateChangeSet", append([]string{"StackName=New", "ChangeSetName=c", "ChangeSetType=IMPORT", "TemplateBody=" + retained}, imports("A=a-1")...)...)
	wantError(t, err, "Resource A already exists in stack ")
}

func TestASummaryTellsHowResourcesAreImported(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	s := f.must(home, "GetTemplateSummary", "TemplateBody="+strings.Replace(retained, `"Resources":{`, `"Resources":{"K":{"Type":"AWS::KMS::Key"},`, 1)).child("ResourceIdentifierSummaries")
	equal(t, "types", len(s.Children), 1)
	m := s.child("member")
	equal(t, "summary", m.text("ResourceType")+" "+m.text("ResourceIdentifiers", "member")+" "+m.text("LogicalResourceIds", "member"), "AWS::S3::Bucket BucketName A")
	equal(t, "resources", len(m.child("LogicalResourceIds").Children), 2)
}
