package bootstrap

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Step is an environment with its commands, for programs.
type Step struct {
	Environment string    `json:"environment"`
	Stages      []string  `json:"stages"`
	Credentials string    `json:"credentials"`
	Template    string    `json:"template,omitempty"` // file of the execution policies
	Policies    []string  `json:"executionPolicies"`
	Commands    []Command `json:"commands"`
}

// Steps are the plan for programs.
func (p *Plan) Steps(folder, assembly string) []Step {
	steps := []Step{}
	for _, e := range p.Environments {
		s := Step{Environment: e.URL(), Stages: e.Stages, Credentials: p.Credentials(e), Policies: p.ExecutionPolicies(e), Commands: p.Commands(e, folder, assembly)}
		if len(e.Policies) > 0 {
			s.Template = filepath.Join(folder, e.TemplateName())
		}
		steps = append(steps, s)
	}
	return steps
}

// Print writes the commands as a shell reads them, and what a person needs to know
// as its comments.
func (p *Plan) Print(w io.Writer, folder, assembly string) error {
	var b strings.Builder
	steps := p.Steps(folder, assembly)
	for i, s := range steps {
		fmt.Fprintf(&b, "# %d of %d: %s\n", i+1, len(steps), strings.TrimPrefix(s.Environment, "aws://"))
		for _, line := range wrap("for "+strings.Join(s.Stages, ", ")+"; with "+s.Credentials, width-2) {
			fmt.Fprintf(&b, "# %s\n", line)
		}
		for _, c := range s.Commands {
			fmt.Fprintf(&b, "%s\n", c)
		}
		if i < len(steps)-1 {
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const width = 80

func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// WriteTemplates writes the templates of the execution policies into a folder, for
// a person to read and for the printed commands. It returns how many there are.
func (p *Plan) WriteTemplates(folder string) (int, error) {
	files := map[string][]byte{}
	for _, e := range p.Environments {
		template, err := p.Template(e)
		if err != nil {
			return 0, err
		}
		if template != nil {
			files[filepath.Join(folder, e.TemplateName())] = append(template, '\n')
		}
	}
	if len(files) == 0 {
		return 0, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return 0, err
	}
	for name, text := range files {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return 0, err
		}
	}
	return len(files), nil
}
