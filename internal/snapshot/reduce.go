package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// manifest is manifest.json of a cloud assembly.
type manifest struct {
	Version   string              `json:"version"`
	Artifacts map[string]artifact `json:"artifacts"`
	Missing   []struct {
		Key string `json:"key"`
	} `json:"missing"`
}

type artifact struct {
	Type         string         `json:"type"`
	Environment  string         `json:"environment"`
	Properties   map[string]any `json:"properties"`
	Dependencies []string       `json:"dependencies"`
}

// kept are the properties of an artifact that a reviewer sees: what says where
// it goes and who may touch it. The rest is the CDK's own, or a hash.
var kept = []string{"templateFile", "stackName", "tags", "terminationProtection", "parameters", "notificationArns", "directoryName", "displayName"}

// Reduce gives the snapshot of the cloud assembly in a folder.
func Reduce(dir string) (Files, error) {
	files := Files{}
	return files, reduce(dir, "", files)
}

// reduce adds the assembly in a folder below dir, and those of its stages.
func reduce(dir, below string, files Files) error {
	var m manifest
	if err := readJSON(filepath.Join(dir, below, "manifest.json"), &m); err != nil {
		return err
	}
	artifacts := map[string]any{}
	for id, a := range m.Artifacts {
		text := func(property string) string { s, _ := a.Properties[property].(string); return s }
		reduced := map[string]any{"type": a.Type, "properties": keep(id, a.Properties)}
		switch a.Type {
		case "aws:cloudformation:stack":
			template, err := reduceTemplate(filepath.Join(dir, below), id, text("templateFile"))
			if err != nil {
				return err
			}
			files[path.Join(below, text("templateFile"))] = template
			reduced["environment"] = a.Environment
		case "cdk:cloud-assembly":
			if err := reduce(dir, path.Join(below, text("directoryName")), files); err != nil {
				return err
			}
		default:
			continue
		}
		reduced["dependencies"] = append([]string{}, slices.DeleteFunc(a.Dependencies, func(d string) bool { return strings.HasSuffix(d, ".assets") })...)
		artifacts[id] = reduced
	}
	text, err := indent(map[string]any{"version": m.Version, "artifacts": artifacts})
	files[path.Join(below, "manifest.json")] = text
	return err
}

func keep(id string, properties map[string]any) map[string]any {
	reduced := map[string]any{}
	for _, name := range kept {
		v, ok := properties[name]
		if !ok || v == false || name == "stackName" && v == id {
			continue
		}
		reduced[name] = v
	}
	return reduced
}

// reduceTemplate gives a template with the archives named for what is in them,
// and not for their hash, which the compiler decides; and without the version
// check of the bootstrap stack, which is the CDK's own.
func reduceTemplate(dir, id, file string) (string, error) {
	var template map[string]any
	if err := readJSON(filepath.Join(dir, file), &template); err != nil {
		return "", err
	}
	without(template, "Parameters", "BootstrapVersion")
	without(template, "Rules", "CheckBootstrapVersion")
	text, err := indent(template)
	if err != nil {
		return "", err
	}
	var assets struct {
		Files map[string]struct {
			DisplayName string `json:"displayName"`
		} `json:"files"`
	}
	// A stack that the user deploys without the bootstrap bucket has none.
	if err := readJSON(filepath.Join(dir, id+".assets.json"), &assets); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	for hash, a := range assets.Files {
		if a.DisplayName != "" {
			text = strings.ReplaceAll(text, hash+".zip", archiveName(a.DisplayName))
		}
	}
	return text, nil
}

// archiveName is "Put.zip" for the asset of ".../Put/Code".
func archiveName(displayName string) string {
	return path.Base(strings.TrimSuffix(displayName, "/Code")) + ".zip"
}

// without removes a key from a section, and the section when it is empty then.
func without(template map[string]any, section, key string) {
	entries, ok := template[section].(map[string]any)
	if !ok {
		return
	}
	delete(entries, key)
	if len(entries) == 0 {
		delete(template, section)
	}
}

// readJSON keeps numbers as they are written.
func readJSON(file string, v any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func indent(v any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.String(), err
}
