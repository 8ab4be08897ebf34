//go:build conformance

package conformance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// stack is one stack of a cloud assembly.
type stack struct {
	name, account         string
	region                string // region when it is ""
	template              string
	terminationProtection bool
	tags                  map[string]string
	dependsOn             []string // the names of other stacks of the assembly

	// archives are the names, in the bootstrap bucket, of archives that the
	// template takes; a folder "code" is in each.
	archives []string

	// nested are the templates of nested stacks, by their names in the bootstrap
	// bucket and in the assembly.
	nested map[string]string
}

// synthesize writes a cloud assembly as the CDK's default synthesizer does, so
// that the CLI assumes the bootstrap roles and publishes the templates to the
// bootstrap bucket.
func synthesize(t testing.TB, folder string, stacks ...stack) {
	t.Helper()
	write := func(name string, v any) {
		body, err := json.Marshal(v)
		if text, ok := v.(string); ok {
			body = []byte(text)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), body, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	artifacts := map[string]any{}
	for _, s := range stacks {
		sum := sha256.Sum256([]byte(s.template))
		hash := hex.EncodeToString(sum[:])
		in := cmp.Or(s.region, region)
		place := s.account + "-" + in
		bucket := "cdk-hnb659fds-assets-" + place
		role := func(name string) string {
			return "arn:aws:iam::" + s.account + ":role/cdk-hnb659fds-" + name + "-" + place
		}
		version := map[string]any{"requiresBootstrapStackVersion": 6, "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version"}
		properties := map[string]any{
			"templateFile": s.name + ".template.json", "stackName": s.name, "validateOnSynth": false,
			"assumeRoleArn": role("deploy-role"), "cloudFormationExecutionRoleArn": role("cfn-exec-role"),
			"stackTemplateAssetObjectUrl": "s3://" + bucket + "/" + hash + ".json",
			"additionalDependencies":      []string{s.name + ".assets"},
			"terminationProtection":       s.terminationProtection,
			"tags":                        s.tags,
			"lookupRole": map[string]any{
				"arn": role("lookup-role"), "requiresBootstrapStackVersion": 8, "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version",
			},
		}
		assets := map[string]any{"file": s.name + ".assets.json"}
		for k, v := range version {
			properties[k], assets[k] = v, v
		}
		dependencies := []string{s.name + ".assets"}
		dependencies = append(dependencies, s.dependsOn...)
		destination := func(key string) map[string]any {
			return map[string]any{"d": map[string]string{"bucketName": bucket, "objectKey": key, "region": in, "assumeRoleArn": role("file-publishing-role")}}
		}
		files := map[string]any{hash: map[string]any{
			"displayName":  s.name + " Template",
			"source":       map[string]string{"path": s.name + ".template.json", "packaging": "file"},
			"destinations": destination(hash + ".json"),
		}}
		for _, name := range s.archives {
			files[name] = map[string]any{
				"displayName":  s.name + " " + name,
				"source":       map[string]string{"path": "code", "packaging": "zip"},
				"destinations": destination(name),
			}
		}
		for name, template := range s.nested {
			write(name, template)
			files[name] = map[string]any{
				"displayName":  s.name + " " + name,
				"source":       map[string]string{"path": name, "packaging": "file"},
				"destinations": destination(name),
			}
		}
		artifacts[s.name+".assets"] = map[string]any{"type": "cdk:asset-manifest", "properties": assets}
		artifacts[s.name] = map[string]any{
			"type": "aws:cloudformation:stack", "environment": "aws://" + s.account + "/" + in,
			"dependencies": dependencies, "properties": properties, "displayName": s.name,
		}
		write(s.name+".template.json", s.template)
		write(s.name+".assets.json", map[string]any{
			"version": "54.0.0", "dockerImages": map[string]any{},
			"files": files,
		})
	}
	write("manifest.json", map[string]any{"version": "54.0.0", "artifacts": artifacts})
}
