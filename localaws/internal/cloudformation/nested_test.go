package cloudformation

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// child and parent are templates of a nested stack and of the one that has it.
const (
	child = `{"Parameters":{"V":{"Type":"String"}},"Resources":{
		"K":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Ref":"V"}}},
		"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"first"}}},
		"Outputs":{"Arn":{"Value":{"Fn::GetAtt":["K","Arn"]}}}}`
	parent = `{"Resources":{
		"N":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"https://b.s3.eu-west-1.amazonaws.com/child.json",
			"Parameters":{"V":1},"Tags":[{"Key":"own","Value":"n"}]}},
		"After":{"Type":"AWS::KMS::Key","Properties":{"Value":{"Fn::GetAtt":["N","Outputs.Arn"]}}}},
		"Outputs":{"Arn":{"Value":{"Fn::GetAtt":"N.Outputs.Arn"}}}}`
)

// nest deploys parent and gives the id of the stack nested in it.
func nest(t *testing.T) (f *fake, id string) {
	t.Helper()
	f = newFake(t)
	f.objects["b/child.json"] = child
	equal(t, "status", f.deploy("S", parent, "Tags.member.1.Key=all", "Tags.member.1.Value=s", "Capabilities.member.1=CAPABILITY_IAM"), "CREATE_COMPLETE")
	return f, f.physical("S", "N")
}

func (f *fake) physical(stack, id string) string {
	f.t.Helper()
	return f.must(home, "DescribeStackResource", "StackName="+stack, "LogicalResourceId="+id).text("StackResourceDetail", "PhysicalResourceId")
}

func TestANestedStackIsPartOfItsParent(t *testing.T) {
	t.Parallel()
	f, id := nest(t)
	if !regexp.MustCompile(`^arn:aws:cloudformation:eu-west-1:` + home + `:stack/S-N-[A-Z0-9]{12}/[0-9a-f-]{36}$`).MatchString(id) {
		t.Errorf("the id of the nested stack is %s", id)
	}
	equal(t, "calls", f.history(), []string{"create B", "create K", "create After"})
	equal(t, "parameter", f.made["k-2"], `{"Value":"1"}`)
	equal(t, "output", f.made["after-3"], `{"Value":"arn:k-2"}`)
	root := f.must(home, "DescribeStacks", "StackName=S").child("Stacks").child("member")
	equal(t, "root's parent", root.text("ParentId")+root.text("RootId"), "")
	nested := f.must(home, "DescribeStacks", "StackName="+id).child("Stacks").child("member")
	equal(t, "parent", nested.text("ParentId"), root.text("StackId"))
	equal(t, "root", nested.text("RootId"), root.text("StackId"))
	equal(t, "capabilities", nested.text("Capabilities", "member"), "CAPABILITY_IAM")
	equal(t, "tags", len(nested.child("Tags").Children), 2)
	equal(t, "events of the parent", f.events("S"), []string{
		"S CREATE_IN_PROGRESS", "N CREATE_IN_PROGRESS", "N CREATE_IN_PROGRESS", "N CREATE_COMPLETE",
		"After CREATE_IN_PROGRESS", "After CREATE_IN_PROGRESS", "After CREATE_COMPLETE", "S CREATE_COMPLETE",
	})
	name := nested.text("StackName")
	events := f.events(id)
	equal(t, "events of the nested stack", []string{events[0], events[len(events)-1]}, []string{name + " CREATE_IN_PROGRESS", name + " CREATE_COMPLETE"})

	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "calls", f.history(), []string{"delete After", "delete K", "delete B"})
	equal(t, "status", f.status(id), "DELETE_COMPLETE")
}

func TestANestedStackNeedsThePermissionsOfAStack(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.objects["b/child.json"] = child
	f.roles["arn:aws:iam::"+home+":role/deploy"] = "cloudformation.amazonaws.com"
	f.deploy("S", parent, "RoleARN=arn:aws:iam::"+home+":role/deploy")
	nested := f.must(home, "DescribeStacks", "StackName="+f.physical("S", "N")).child("Stacks").child("member")
	equal(t, "role", nested.text("RoleARN"), "arn:aws:iam::"+home+":role/deploy")
	equal(t, "who made what is in it", f.callers["K"], "arn:aws:iam::"+home+":role/deploy")
	if !slices.Contains(f.asked, "cloudformation:CreateStack "+nested.text("StackId")) {
		t.Errorf("asked: %v", f.asked)
	}
}

// The texts are CloudFormation's; users quote them. Where the nested stack rolls
// back, and when, is not documented: it does before its parent.
func TestAFailureInANestedStackFailsItsParent(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.objects["b/child.json"] = child
	f.fail["create K"] = "no key today"
	equal(t, "status", f.deploy("S", parent), "ROLLBACK_COMPLETE")
	why := f.why("S", "N", "CREATE_FAILED")
	m := regexp.MustCompile(`^Embedded stack (arn:\S+) was not successfully created: The following resource\(s\) failed to create: \[K\]\. `).FindStringSubmatch(why)
	if m == nil {
		t.Fatalf("reason: %s", why)
	}
	equal(t, "reason in the nested stack", f.why(m[1], "K", "CREATE_FAILED"), "no key today (Error Code: InvalidRequest)")
	equal(t, "nested stack", f.status(m[1]), "DELETE_COMPLETE")
	equal(t, "left", len(f.made), 0)

	// Without a rollback everything stays, and the rollback can come later.
	f = newFake(t)
	f.objects["b/child.json"] = strings.Replace(child, `"first"}`, `"first"},"DeletionPolicy":"RetainExceptOnCreate"`, 1)
	f.fail["create K"] = "no key today"
	equal(t, "status", f.deploy("S", parent, "DisableRollback=true"), "CREATE_FAILED")
	id := f.physical("S", "N")
	equal(t, "nested stack", f.status(id), "CREATE_FAILED")
	equal(t, "left", len(f.made), 1)
	f.must(home, "RollbackStack", "StackName=S")
	equal(t, "status", f.status("S"), "ROLLBACK_COMPLETE")
	equal(t, "nested stack", f.status(id), "DELETE_COMPLETE")
	equal(t, "left", len(f.made), 0)
}

func TestAnUpdateReachesNestedStacksThatChanged(t *testing.T) {
	t.Parallel()
	f, id := nest(t)
	f.history()
	events := len(f.events(id))
	update := func(status string) {
		t.Helper()
		f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+parent)
		equal(t, "status", f.status("S"), status)
	}
	update("UPDATE_COMPLETE") // the template behind the URL could be another
	equal(t, "calls", f.history(), nil)
	equal(t, "new events of a nested stack without changes", len(f.events(id))-events, 0)

	// The bucket is replaced: the old one stays until all is done.
	f.objects["b/child.json"] = strings.Replace(child, "first", "second", 1)
	update("UPDATE_COMPLETE")
	equal(t, "calls", f.history(), []string{"create B", "delete B"})
	equal(t, "nested stack", f.status(id), "UPDATE_COMPLETE")

	f.objects["b/child.json"] = strings.Replace(child, "first", "third", 1)
	f.fail["create Late"] = "too late"
	f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+strings.Replace(parent, `"After":`, `"Late":{"Type":"AWS::KMS::Key","DependsOn":"N"},"After":`, 1))
	equal(t, "status", f.status("S"), "UPDATE_ROLLBACK_COMPLETE")
	equal(t, "nested stack", f.status(id), "UPDATE_ROLLBACK_COMPLETE")
	equal(t, "calls", f.history(), []string{"create B", "create Late", "delete B"})
	equal(t, "bucket", f.made[f.physical(id, "B")], `{"BucketName":"second"}`)
}

func TestAFailedUpdateOfANestedStackRollsBothBack(t *testing.T) {
	t.Parallel()
	f, id := nest(t)
	f.history()
	f.objects["b/child.json"] = strings.Replace(child, `{"Ref":"V"}`, `"new"`, 1)
	f.fail["update K"] = "not today"
	f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+parent)
	equal(t, "status", f.status("S"), "UPDATE_ROLLBACK_FAILED") // putting K back fails too
	equal(t, "nested stack", f.status(id), "UPDATE_ROLLBACK_FAILED")
	const want = " was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) failed to update: [K]. "
	var reasons []string
	for _, e := range f.must(home, "DescribeStackEvents", "StackName=S").child("StackEvents").Children {
		reasons = append(reasons, e.text("ResourceStatusReason"))
	}
	if !slices.Contains(reasons, "Embedded stack "+id+want+" (Error Code: ValidationError)") {
		t.Errorf("reasons: %q", reasons)
	}
	name := f.must(home, "DescribeStacks", "StackName="+id).text("Stacks", "member", "StackName")
	f.must(home, "ContinueUpdateRollback", "StackName=S", "ResourcesToSkip.member.1="+name+".K")
	equal(t, "status", f.status("S"), "UPDATE_ROLLBACK_COMPLETE")
	equal(t, "nested stack", f.status(id), "UPDATE_ROLLBACK_COMPLETE")
	delete(f.fail, "update K")
	f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+parent)
	equal(t, "status", f.status("S"), "UPDATE_COMPLETE")
	equal(t, "key", f.made["k-2"], `{"Value":"new"}`)
}

// Without a rollback a nested stack waits for what comes next: another update,
// with or without a change of its own, or a rollback.
func TestANestedStackWaitsForAParentThatFailedWithoutRollback(t *testing.T) {
	t.Parallel()
	late := strings.Replace(parent, `"After":`, `"Late":{"Type":"AWS::KMS::Key","DependsOn":"N"},"After":`, 1)
	for name, next := range map[string]struct {
		child  string
		action []string
		status string
		bucket string
		calls  []string
	}{
		"an update":           {"second", []string{"UpdateStack", "TemplateBody=" + late, "DisableRollback=true"}, "UPDATE_COMPLETE", "second", []string{"create Late", "delete B"}},
		"an update with more": {"third", []string{"UpdateStack", "TemplateBody=" + late, "DisableRollback=true"}, "UPDATE_COMPLETE", "third", []string{"create B", "create Late", "delete B", "delete B"}},
		"a rollback":          {"second", []string{"RollbackStack"}, "UPDATE_ROLLBACK_COMPLETE", "first", []string{"delete B"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, id := nest(t)
			f.objects["b/child.json"] = strings.Replace(child, "first", "second", 1)
			f.fail["create Late"] = "too late"
			f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+late, "DisableRollback=true")
			equal(t, "status", f.status("S")+" "+f.status(id), "UPDATE_FAILED UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
			delete(f.fail, "create Late")
			f.history()
			f.objects["b/child.json"] = strings.Replace(child, "first", next.child, 1)
			f.must(home, next.action[0], append(next.action[1:], "StackName=S")...)
			equal(t, "status", f.status("S")+" "+f.status(id), next.status+" "+next.status)
			equal(t, "calls", f.history(), next.calls)
			equal(t, "bucket", f.made[f.physical(id, "B")], `{"BucketName":"`+next.bucket+`"}`)
		})
	}
}

func TestNestedStacksThatAreLeftOutOrRetained(t *testing.T) {
	t.Parallel()
	const without = `{"Resources":{"After":{"Type":"AWS::KMS::Key","Properties":{"Value":"x"}}}}`
	f, id := nest(t)
	f.must(home, "UpdateStack", "StackName=S", "TemplateBody="+without)
	equal(t, "status", f.status("S"), "UPDATE_COMPLETE")
	equal(t, "nested stack", f.status(id), "DELETE_COMPLETE")

	f = newFake(t)
	f.objects["b/child.json"] = child
	f.deploy("S", strings.Replace(parent, `"Properties":{"TemplateURL"`, `"DeletionPolicy":"Retain","Properties":{"TemplateURL"`, 1))
	id = f.physical("S", "N")
	f.must(home, "DeleteStack", "StackName=S")
	equal(t, "nested stack", f.status(id), "CREATE_COMPLETE")
	f.must(home, "DeleteStack", "StackName="+id)
	equal(t, "left", len(f.made), 0)
}

// Source: CloudFormation user guide, using-cfn-protect-stacks.
func TestTerminationProtectionIsThatOfTheRoot(t *testing.T) {
	t.Parallel()
	f, id := nest(t)
	_, err := f.do(home, "UpdateTerminationProtection", "StackName="+id, "EnableTerminationProtection=true")
	wantError(t, err, "is a nested stack; termination protection is set on its root stack")
	f.must(home, "UpdateTerminationProtection", "StackName=S", "EnableTerminationProtection=true")
	equal(t, "protected", f.must(home, "DescribeStacks", "StackName="+id).text("Stacks", "member", "EnableTerminationProtection"), "true")
	_, err = f.do(home, "DeleteStack", "StackName="+id)
	wantError(t, err, "cannot be deleted while TerminationProtection is enabled")
	f.must(home, "UpdateStack", "StackName=S", `TemplateBody={"Resources":{"After":{"Type":"AWS::KMS::Key"}}}`)
	equal(t, "nested stack that an update leaves out", f.status(id), "DELETE_COMPLETE")
}

// CloudFormation sees a nested stack's template only when it updates it, so the
// change is always there. Source: API reference, ResourceChangeDetail.
func TestAChangeSetAlwaysHasTheNestedStack(t *testing.T) {
	t.Parallel()
	f, _ := nest(t)
	f.must(home, "CreateChangeSet", "StackName=S", "ChangeSetName=c", "TemplateBody="+parent, "IncludeNestedStacks=true")
	set := f.must(home, "DescribeChangeSet", "StackName=S", "ChangeSetName=c")
	equal(t, "status", set.text("Status"), "CREATE_COMPLETE")
	for _, c := range set.child("Changes").Children {
		change := c.child("ResourceChange")
		if change.text("LogicalResourceId") != "N" {
			continue
		}
		detail := change.child("Details").child("member")
		equal(t, "change", change.text("Action")+" "+change.text("Replacement"), "Modify False")
		equal(t, "detail", detail.text("Target", "Attribute")+" "+detail.text("Evaluation")+" "+detail.text("ChangeSource"), "Properties Dynamic Automatic")
		return
	}
	t.Error("the change set lacks the nested stack")
}
