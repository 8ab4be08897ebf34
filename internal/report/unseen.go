package report

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// everyRule stands for all rules where a part of a template is seen by none.
var everyRule = rule.Rule{
	ID:       "every-rule",
	Severity: rule.Warning,
	Reason:   "What CloudFormation makes of this when it deploys is not in the template: no rule sees it.",
	Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html",
	Fix:      "Check what CloudFormation makes of it too: the template of the nested stack, or of a change set, by aws cloudformation get-template --template-stage Processed.",
}

// unseen are the parts of a stack that no rule sees. A custom resource is none:
// what it makes stands in no template.
func unseen(s *template.Stack) []rule.Unknown {
	var list []rule.Unknown
	add := func(logicalID, path, why string) {
		list = append(list, rule.Unknown{Rule: everyRule.ID, Stack: s.Name, Template: s.File, LogicalID: logicalID, PropertyPath: path, Why: why})
	}
	for _, at := range s.Template.Unexpanded {
		if strings.HasSuffix(at, "Policy") {
			continue // DeletionPolicy and its like make nothing
		}
		add("", at, "what CloudFormation makes of "+at)
	}
	for _, macro := range s.Template.Transforms {
		if !slices.Contains(seenThrough, macro) {
			add("", "Transform", "what the macro "+macro+" makes of the template")
		}
	}
	for _, r := range s.Resources() {
		switch {
		case strings.HasPrefix(r.Type, "AWS::Serverless::"), strings.HasSuffix(r.Type, "::MODULE"),
			r.Type == "AWS::CloudFormation::Stack", r.Type == "AWS::CloudFormation::StackSet":
			add(r.LogicalID, "", "what CloudFormation makes of an "+r.Type)
		}
	}
	return list
}

// seenThrough are the macros that change nothing but what they are written at:
// functions, which are unknown where they stand, and resources of SAM's types.
var seenThrough = []string{"AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"}
