package shard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const reportFile = "validation-report.json"

// Report is validation-report.json: what plugins of `cdk synth` found. The CLI
// reads it, prints it, and fails if a plugin does.
// Source: https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/cloud-assembly-schema/lib/cloud-assembly/validation-report-schema.ts
type Report struct {
	Version string         `json:"version"`
	Title   string         `json:"title"`
	Plugins []PluginReport `json:"pluginReports"`
}

// PluginReport is what one plugin found.
type PluginReport struct {
	Name       string          `json:"pluginName"`
	Version    string          `json:"pluginVersion,omitempty"`
	Conclusion string          `json:"conclusion"` // success or failure
	Metadata   json.RawMessage `json:"metadata,omitempty"`
	Violations []Violation     `json:"violations"`
	Suppressed []Violation     `json:"suppressedViolations,omitempty"`
}

// Violation is of one rule, in one or more constructs.
type Violation struct {
	Rule           string          `json:"ruleName"`
	Description    string          `json:"description"`
	Fix            string          `json:"suggestedFix,omitempty"`
	Severity       string          `json:"severity"`
	CustomSeverity string          `json:"customSeverity,omitempty"`
	Metadata       json.RawMessage `json:"ruleMetadata,omitempty"`
	Constructs     []Construct     `json:"violatingConstructs"`

	// Of a suppressed one, the acknowledgement.
	AcknowledgedID         string `json:"acknowledgedId,omitempty"`
	Reason                 string `json:"reason,omitempty"`
	AcknowledgedAt         string `json:"acknowledgedAt,omitempty"`
	AcknowledgedStackTrace string `json:"acknowledgedStackTrace,omitempty"`
}

// Construct is where a rule is violated.
type Construct struct {
	Path     string          `json:"constructPath"`
	FQN      string          `json:"constructFqn,omitempty"`
	Version  string          `json:"libraryVersion,omitempty"`
	Resource *Resource       `json:"cloudFormationResource,omitempty"`
	Traces   json.RawMessage `json:"stackTraces,omitempty"`
}

// Resource is a construct's place in a template.
type Resource struct {
	Template   string   `json:"templatePath"` // from the assembly's folder on
	LogicalID  string   `json:"logicalId"`
	Properties []string `json:"propertyPaths,omitempty"`
}

// Failed says whether a plugin does.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Plugins, func(p PluginReport) bool { return p.Conclusion == failure })
}

const success, failure = "success", "failure"

// joinReports puts the reports of the shares together. A share in which no plugin
// of the CDK's ran has none.
func joinReports(out string, dirs []string) (*Report, error) {
	all := &Report{Title: "Validation Report", Plugins: []PluginReport{}}
	var manifest struct{ Version *string }
	manifest.Version = &all.Version // the report's is the assembly's
	if err := readJSON(filepath.Join(out, manifestFile), &manifest); err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		var r Report
		if err := readJSON(filepath.Join(dir, reportFile), &r); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, p := range r.Plugins {
			all.add(p)
		}
	}
	return all, nil
}

func readJSON(file string, value any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// add adds what a plugin found in one more share.
func (r *Report) add(p PluginReport) {
	i := slices.IndexFunc(r.Plugins, func(q PluginReport) bool { return q.Name == p.Name })
	if i < 0 {
		r.Plugins = append(r.Plugins, p)
		return
	}
	q := &r.Plugins[i]
	if p.Conclusion == failure {
		q.Conclusion, q.Metadata = failure, p.Metadata
	}
	q.Violations = addViolations(q.Violations, p.Violations)
	q.Suppressed = addViolations(q.Suppressed, p.Suppressed)
}

// addViolations adds the constructs of what is violated already, and else the
// violation.
func addViolations(list, more []Violation) []Violation {
	for _, v := range more {
		i := slices.IndexFunc(list, func(w Violation) bool {
			return v.Rule == w.Rule && v.Description == w.Description && v.Severity == w.Severity && v.AcknowledgedAt == w.AcknowledgedAt
		})
		if i < 0 {
			list = append(list, v)
			continue
		}
		for _, c := range v.Constructs {
			if !slices.ContainsFunc(list[i].Constructs, func(o Construct) bool { return o.Path == c.Path && sameResource(o.Resource, c.Resource) }) {
				list[i].Constructs = append(list[i].Constructs, c)
			}
		}
	}
	return list
}

func sameResource(a, b *Resource) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Template == b.Template && a.LogicalID == b.LogicalID && slices.Equal(a.Properties, b.Properties)
}

// write writes a report as JSON.stringify does.
func (r *Report) write(dir string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, reportFile), bytes.TrimSuffix(b.Bytes(), []byte("\n")), 0o644)
}
