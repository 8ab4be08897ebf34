package template

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// manifest is manifest.json of a cloud assembly. A snapshot has a subset of it.
// Source: https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
type manifest struct {
	Artifacts map[string]artifact `json:"artifacts"`
}

type artifact struct {
	Type        string `json:"type"`
	Environment string `json:"environment"` // "aws://ACCOUNT/REGION"
	Properties  struct {
		TemplateFile     string            `json:"templateFile"`
		StackName        string            `json:"stackName"`
		Parameters       map[string]string `json:"parameters"`
		NotificationARNs []string          `json:"notificationArns"`
		Tags             map[string]string `json:"tags"`
		DirectoryName    string            `json:"directoryName"` // of a nested assembly
		DisplayName      string            `json:"displayName"`
	} `json:"properties"`
	Dependencies []string `json:"dependencies"`

	// Facts about constructs, by construct path: in the manifest, or, in newer
	// assemblies, in a file of their own.
	Metadata               map[string][]metadataEntry `json:"metadata"`
	AdditionalMetadataFile string                     `json:"additionalMetadataFile"`
}

type metadataEntry struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// nestedStage names the stage of a nested assembly: its path in the construct
// tree.
func nestedStage(id string, art artifact) string {
	return cmp.Or(art.Properties.DisplayName, strings.TrimPrefix(id, "assembly-"))
}

func (a *Assembly) readStack(dir, id string, art artifact) (*Stack, error) {
	s, err := newStack(dir, id, art)
	if err != nil {
		return nil, err
	}
	return s, a.read(s, func() error {
		if err := s.read(); err != nil {
			return err
		}
		return s.readMetadata(dir, art)
	})
}

// read reads the template of a stack that is wanted, and leaves that of another
// for when it is.
func (a *Assembly) read(s *Stack, read func() error) error {
	if !a.want(s) {
		s.load = sync.OnceValue(read)
		return nil
	}
	return read()
}

// loaded reads the template, if it isn't yet.
func (s *Stack) loaded() error {
	if s.load == nil {
		return nil
	}
	return s.load()
}

// newStack is what the manifest says of a stack.
func newStack(dir, id string, art artifact) (*Stack, error) {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%s: artifact %s: %w", filepath.Join(dir, "manifest.json"), id, fmt.Errorf(format, args...))
	}
	s := &Stack{
		Name:             cmp.Or(art.Properties.StackName, id),
		ArtifactID:       id,
		Dependencies:     art.Dependencies,
		Parameters:       art.Properties.Parameters,
		NotificationARNs: art.Properties.NotificationARNs,
		Tags:             art.Properties.Tags,
	}
	account, region, ok := strings.Cut(strings.TrimPrefix(art.Environment, "aws://"), "/")
	if !ok || !strings.HasPrefix(art.Environment, "aws://") {
		return nil, wrong("environment %q: must be aws://ACCOUNT/REGION", art.Environment)
	}
	if account != "unknown-account" {
		s.Account = account
	}
	if region != "unknown-region" {
		s.Region = region
	}
	var err error
	if s.File, err = inside(dir, art.Properties.TemplateFile); err != nil {
		return nil, wrong("templateFile: %w", err)
	}
	return s, nil
}

// readMetadata reads which constructs the stack's resources came from.
func (s *Stack) readMetadata(dir string, art artifact) error {
	metadata := art.Metadata
	if art.AdditionalMetadataFile != "" {
		file, err := inside(dir, art.AdditionalMetadataFile)
		var data []byte
		if err == nil {
			data, err = os.ReadFile(file)
		}
		if err != nil {
			return fmt.Errorf("%s: artifact %s: additionalMetadataFile: %w", filepath.Join(dir, "manifest.json"), s.ArtifactID, err)
		}
		if err := json.Unmarshal(data, &metadata); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	s.constructPaths(metadata)
	return nil
}

// constructPaths takes over which construct each resource came from.
func (s *Stack) constructPaths(metadata map[string][]metadataEntry) {
	for place, entries := range metadata {
		for _, entry := range entries {
			var id string
			if entry.Type != "aws:cdk:logicalId" || json.Unmarshal(entry.Data, &id) != nil {
				continue
			}
			if r := s.Template.Resources[id]; r != nil {
				r.ConstructPath = strings.TrimPrefix(place, "/")
			}
		}
	}
}

// inside joins a file name from a manifest to the manifest's folder, and
// refuses one that leads out of it.
func inside(dir, name string) (string, error) {
	if name == "" {
		return "", errors.New("missing")
	}
	if !filepath.IsLocal(name) || filepath.Clean(name) == "." {
		return "", fmt.Errorf("%q leads out of the assembly", name)
	}
	return filepath.Join(dir, name), nil
}
