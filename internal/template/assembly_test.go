package template

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readTestAssembly(t *testing.T) *Assembly {
	t.Helper()
	a, err := ReadAssembly("testdata/cdk.out")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func stackNames(stacks []*Stack) []string {
	var names []string
	for _, s := range stacks {
		names = append(names, s.Name)
	}
	return names
}

func named1(t *testing.T, a *Assembly, name string) *Stack {
	t.Helper()
	i := slices.IndexFunc(a.Stacks, func(s *Stack) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no stack %s in the assembly", name)
	}
	return a.Stacks[i]
}

func TestAssemblyHasStacksOfAllStagesDependenciesFirst(t *testing.T) {
	t.Parallel()
	a := readTestAssembly(t)
	if diff := cmp.Diff([]string{"Agnostic", "Prod-Replica", "Prod-ASource"}, stackNames(a.Stacks)); diff != "" {
		t.Error(diff)
	}
	source := named1(t, a, "Prod-ASource")
	got := []string{source.ArtifactID, source.Stage, source.Account, source.Region, source.Dependencies[0],
		source.Resource("Data").ConstructPath, source.NotificationARNs[0], filepath.Base(source.File)}
	want := []string{"ProdASource555F32C0", "Prod", "444455556666", "ap-northeast-1", "ProdReplica6CC8DAB7",
		"Prod/ASource/Data/Resource", "arn:aws:sns:ap-northeast-1:444455556666:deployments", "ProdASource555F32C0.template.json"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(source.Dependencies) != 1 {
		t.Errorf("dependencies %v: the asset manifest is no stack", source.Dependencies)
	}
	if got := named1(t, a, "Agnostic").Resource("Data").ConstructPath; got != "Agnostic/Data/Resource" {
		t.Errorf("construct path %q", got)
	}
}

func TestOutputOfAnotherAccount(t *testing.T) {
	t.Parallel()
	a := readTestAssembly(t)
	source, replica := named1(t, a, "Prod-ASource"), named1(t, a, "Prod-Replica")
	want, err := replica.Resource("Key").Att("Arn")
	if err != nil || !strings.HasPrefix(want, "arn:aws:kms:ap-northeast-3:777788889999:key/") {
		t.Fatal(want, err)
	}
	rule := source.Resource("Data").Properties().Get("ReplicationConfiguration", "Rules").Index(0)
	got, err := rule.Get("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID").String()
	if err != nil || got != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
	// Without RoleArn and Region it is a stack of the own account and region.
	_, err = source.Output("Missing")
	if !IsUnknown(err) || !strings.Contains(err.Error(), "stack Prod-Replica in 444455556666/ap-northeast-1 isn't among those read") {
		t.Error(err)
	}
	for region, found := range map[string]bool{"ap-northeast-3": true, "ap-northeast-1": false} {
		_, err = source.Resolve(map[string]any{"Fn::GetStackOutput": map[string]any{"StackName": "Prod-Replica", "Region": region,
			"RoleArn": "arn:aws:iam::777788889999:role/reader", "OutputName": "PublishOutputFnGetAttKeyArn"}}, "Here")
		if found != (err == nil) || !found && !IsUnknown(err) {
			t.Error(region, err)
		}
	}
	_, err = source.Output("NoSuchOutput")
	if err == nil || IsUnknown(err) || !strings.Contains(err.Error(), `Prod-Replica: Outputs.Nothing: the stack has no output "Nothing"`) {
		t.Error(err)
	}
}

func TestAgnosticStackKnowsNamesButNoAccount(t *testing.T) {
	t.Parallel()
	s := named1(t, readTestAssembly(t), "Agnostic")
	if _, err := s.Output("Account"); !IsUnknown(err) {
		t.Error(err)
	}
	if arn, err := s.Output("Name"); err != nil || !strings.HasPrefix(arn, "agnostic-data-") {
		t.Error(arn, err)
	}
}

func TestSnapshotIsAnAssembly(t *testing.T) {
	t.Parallel()
	a, err := ReadAssembly("testdata/snapshot")
	if err != nil {
		t.Fatal(err)
	}
	s := a.Stacks[0]
	got := []string{s.Name, s.Account, s.Region, s.Resource("Data").ConstructPath}
	if diff := cmp.Diff([]string{"Dev-Source", "111122223333", "ap-northeast-1", "Dev/Source/Data/Resource"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestImportValueFindsExports(t *testing.T) {
	t.Parallel()
	exporter := stackOf(t, `{"Resources": {}, "Parameters": {"P": {"Type": "String"}}, "Outputs": {
		"A": {"Value": "a", "Export": {"Name": {"Ref": "P"}}},
		"B": {"Value": {"Ref": "AWS::StackName"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-b"}}}}}`)
	exporter.Name = "Exporter"
	importer := stackOf(t, `{"Resources": {}}`)
	elsewhere := stackOf(t, `{"Resources": {}}`)
	elsewhere.Region = "us-east-1"
	NewAssembly(exporter, importer, elsewhere)
	expr := map[string]any{"Fn::ImportValue": "Exporter-b"}
	if got, err := importer.Resolve(expr, "Here"); err != nil || got != "Exporter" {
		t.Error(got, err)
	}
	if got, err := elsewhere.Resolve(expr, "Here"); !IsUnknown(err) {
		t.Error("imported from another region:", got, err)
	}
	if got, err := exporter.Resolve(expr, "Here"); !IsUnknown(err) {
		t.Error("a stack imported from itself:", got, err)
	}
}

func TestStacksThatImportFromEachOther(t *testing.T) {
	t.Parallel()
	a := stackOf(t, `{"Resources": {}, "Outputs": {"A": {"Value": {"Fn::ImportValue": "b"}, "Export": {"Name": "a"}}}}`)
	b := stackOf(t, `{"Resources": {}, "Outputs": {"B": {"Value": {"Fn::ImportValue": "a"}, "Export": {"Name": "b"}}}}`)
	a.Name, b.Name = "A", "B"
	NewAssembly(a, b)
	if _, err := a.Output("A"); err == nil || !strings.Contains(err.Error(), "circular reference: output A -> output B -> output A") {
		t.Error(err)
	}
}

func TestReadAssemblyRefuses(t *testing.T) {
	t.Parallel()
	stack := func(rest string) string {
		return `{"artifacts": {"S": {"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", ` + rest + `}}}`
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"an empty folder":         {nil, "DIR: no manifest.json: not a cloud assembly; run cdk synth"},
		"a manifest that is none": {map[string]string{"manifest.json": "nonsense"}, "DIR/manifest.json: not a manifest: "},
		"no stacks":               {map[string]string{"manifest.json": "{}"}, "DIR: the assembly has no stacks"},
		"a strange environment": {map[string]string{"manifest.json": `{"artifacts": {"S": {"type": "aws:cloudformation:stack", "environment": "here"}}}`},
			`DIR/manifest.json: artifact S: environment "here": must be aws://ACCOUNT/REGION`},
		"a template elsewhere": {map[string]string{"manifest.json": stack(`"properties": {"templateFile": "../x.json"}`)},
			`DIR/manifest.json: artifact S: templateFile: "../x.json" leads out of the assembly`},
		"no template": {map[string]string{"manifest.json": stack(`"properties": {"templateFile": "x.json"}`)}, "DIR/x.json: no such file"},
		"a broken template": {map[string]string{"manifest.json": stack(`"properties": {"templateFile": "x.json"}`), "x.json": "{\n  \"Resources\": [,]\n}"},
			"DIR/x.json: 2:"},
		"no metadata": {map[string]string{"manifest.json": stack(`"properties": {"templateFile": "x.json"}, "additionalMetadataFile": "m.json"`), "x.json": `{}`},
			"DIR/manifest.json: artifact S: additionalMetadataFile: "},
		"an assembly in itself": {map[string]string{"manifest.json": `{"artifacts": {"S": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}}}`},
			`artifact S: directoryName: "." leads out of the assembly`},
		"stacks that need each other": {map[string]string{"x.json": `{}`, "manifest.json": `{"artifacts": {
			"A": {"type": "aws:cloudformation:stack", "environment": "aws://1/r", "properties": {"templateFile": "x.json"}, "dependencies": ["B"]},
			"B": {"type": "aws:cloudformation:stack", "environment": "aws://1/r", "properties": {"templateFile": "x.json"}, "dependencies": ["A"]}}}`},
			"DIR: stacks depend on one another: A -> B -> A"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := ReadAssembly(dir)
			if want := strings.ReplaceAll(c.want, "DIR", dir); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestReadAssemblyNamesAllProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := `{"artifacts": {"A": {"type": "aws:cloudformation:stack", "environment": "aws://1/r", "properties": {"templateFile": "a.json"}},
		"B": {"type": "aws:cloudformation:stack", "environment": "aws://1/r", "properties": {"templateFile": "b.json"}}}}`
	if err := os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ReadAssembly(dir)
	if err == nil || !strings.Contains(err.Error(), "a.json: no such file\n") || !strings.HasSuffix(err.Error(), "b.json: no such file") {
		t.Error(err)
	}
}

// Who asks about one stage of 500 doesn't wait for 499 others, and gets the same
// answers: what the stage takes of them is read then.
func TestReadSomeReadsWhatIsReferredTo(t *testing.T) {
	t.Parallel()
	whole, err := ReadAssembly("../access/testdata/assembly")
	if err != nil {
		t.Fatal(err)
	}
	some, err := ReadSome(whole.Dir, func(s *Stack) bool { return s.Name == "prod-replication" })
	if err != nil {
		t.Fatal(err)
	}
	if len(some.Stacks) != 1 || len(some.Others) != len(whole.Stacks)-1 {
		t.Fatalf("%d stacks are read and %d are not", len(some.Stacks), len(some.Others))
	}
	find := func(stacks []*Stack, name string) *Stack {
		return stacks[slices.IndexFunc(stacks, func(s *Stack) bool { return s.Name == name })]
	}
	got, err := some.Stacks[0].Resolve(some.Stacks[0].Resource("Source71E471F1").RawProperties, "Resources.Source71E471F1")
	want, otherwise := find(whole.Stacks, "prod-replication").Resolve(some.Stacks[0].Resource("Source71E471F1").RawProperties, "Resources.Source71E471F1")
	if diff := cmp.Diff(want, got); diff != "" || err != nil || otherwise != nil {
		t.Errorf("%v, %v, -want +got:%s", err, otherwise, diff)
	}
	if find(some.Others, "prod-replica").Template == nil || find(some.Others, "full-replica").Template != nil {
		t.Error("what is referred to isn't read, or more than that is")
	}
}
