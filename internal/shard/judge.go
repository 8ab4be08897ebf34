package shard

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// Judge tries the rules on the assembly in the folder out, which is that of all
// shares, or the only one, and writes the report of what they, as the plugin of that
// name, and the CDK's plugins found. It removes what the shares acknowledge from
// their folders.
func Judge(out string, dirs []string, plugin string, options rule.Options) (*Report, error) {
	acknowledged, err := takeAcknowledged(dirs)
	if err != nil {
		return nil, err
	}
	assembly, err := template.ReadAssembly(out)
	if err != nil {
		return nil, err
	}
	report, err := joinReports(out, dirs)
	if err != nil {
		return nil, err
	}
	tree, err := os.ReadFile(filepath.Join(out, treeFile))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	of, err := ofRules(plugin, rule.Check(assembly.Stacks, options).Findings, acknowledged, assembly, tree)
	if err != nil {
		return nil, err
	}
	if len(of.Violations)+len(of.Suppressed) > 0 {
		report.Plugins = slices.Insert(report.Plugins, 0, of)
	}
	return report, report.write(out)
}

// ofRules is what the rules found in the whole assembly, as the CDK words what
// their plugin finds in the app of one process. A rule that one construct
// acknowledges, the CDK suppresses in the whole app.
func ofRules(name string, findings []rule.Finding, acknowledged map[string]Acknowledgement, assembly *template.Assembly, tree []byte) (PluginReport, error) {
	p := PluginReport{Name: name, Conclusion: success, Violations: []Violation{}}
	if len(findings) == 0 {
		return p, nil
	}
	constructs, err := newConstructs(assembly, tree)
	if err != nil {
		return p, err
	}
	for _, f := range findings {
		v := Violation{Rule: f.Rule, Description: f.Text(), Fix: f.Fix, Severity: string(f.Severity), Constructs: []Construct{constructs.of(f)}}
		if a, ok := acknowledged[f.Rule]; ok {
			v.AcknowledgedID, v.Reason, v.AcknowledgedAt, v.AcknowledgedStackTrace = name+"::"+f.Rule, a.Reason, a.At, a.Trace
			p.Suppressed = append(p.Suppressed, v)
			continue
		}
		if f.Severity == rule.Error {
			p.Conclusion = failure
		}
		p.Violations = append(p.Violations, v)
	}
	return p, nil
}

// constructs finds the construct of a resource, as the CDK does: by the name of
// the template's file and the logical id.
type constructs struct {
	dir   string
	paths map[[2]string]string
	tree  map[string]Construct
}

func newConstructs(assembly *template.Assembly, tree []byte) (*constructs, error) {
	c := &constructs{assembly.Dir, map[[2]string]string{}, map[string]Construct{}}
	for _, s := range assembly.Stacks {
		for id, r := range s.Template.Resources {
			c.paths[[2]string{filepath.Base(s.File), id}] = r.ConstructPath
		}
	}
	if tree == nil {
		return c, nil
	}
	var file struct{ Tree node }
	if err := json.Unmarshal(tree, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", treeFile, err)
	}
	c.add(file.Tree)
	return c, nil
}

type node struct {
	Path          string
	ConstructInfo struct{ FQN, Version string }
	Children      map[string]node
}

func (c *constructs) add(n node) {
	c.tree[n.Path] = Construct{Path: n.Path, FQN: n.ConstructInfo.FQN, Version: n.ConstructInfo.Version}
	for _, child := range n.Children {
		c.add(child)
	}
}

// of is the place of a finding; one of a stack as a whole names the stack, since
// the CLI shows none without.
func (c *constructs) of(f rule.Finding) Construct {
	at := c.tree[c.paths[[2]string{filepath.Base(f.Template), f.LogicalID}]]
	if f.LogicalID == "" {
		at = Construct{}
	}
	id := f.LogicalID
	if id == "" {
		id = f.Stack
	}
	file, err := filepath.Rel(c.dir, f.Template)
	if err != nil {
		file = f.Template
	}
	at.Resource = &Resource{path.Clean(filepath.ToSlash(file)), id, []string{f.PropertyPath}}
	return at
}
