package template

import (
	"maps"
	"slices"
	"strings"
)

// output gives the value of an output of this scope's stack.
func (s scope) output(name string, at *path) (string, error) {
	out, ok := s.stack.Template.Outputs[name]
	if !ok {
		return "", s.errorf(at, "the stack has no output %q", name)
	}
	if out.Condition != "" {
		shown, err := s.condition(out.Condition, at)
		if err != nil {
			return "", err
		}
		if !shown {
			return "", s.errorf(at, "output %q isn't there: its condition %s is false", name, out.Condition)
		}
	}
	value, err := s.follow("output", name, at, func() (any, error) {
		return s.text(out.Value, root("Outputs", name, "Value"))
	})
	if err != nil {
		return "", err
	}
	return value.(string), nil
}

// callGetStackOutput computes Fn::GetStackOutput. Region defaults to the
// stack's own; the account is the one of RoleArn, or the stack's own.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
func (s scope) callGetStackOutput(arg any, at *path) (any, error) {
	args, ok := arg.(map[string]any)
	if !ok || args["StackName"] == nil || args["OutputName"] == nil {
		return nil, s.errorf(at, "takes a mapping with StackName and OutputName")
	}
	texts := map[string]string{"Region": s.stack.Region}
	for _, key := range slices.Sorted(maps.Keys(args)) {
		if !slices.Contains([]string{"StackName", "OutputName", "Region", "RoleArn"}, key) {
			return nil, s.errorf(at, "takes no %s", key)
		}
		text, err := s.text(args[key], at.child(key))
		if err != nil {
			return nil, err
		}
		texts[key] = text
	}
	account := s.stack.Account
	if role, ok := texts["RoleArn"]; ok {
		fields := strings.Split(role, ":")
		if len(fields) < 6 || fields[2] != "iam" || fields[4] == "" {
			return nil, s.errorf(at.child("RoleArn"), "%q is not the ARN of a role", role)
		}
		account = fields[4]
	}
	name := texts["StackName"]
	for _, peer := range s.stack.peers {
		if peer.Name != name || peer.Account != account || peer.Region != texts["Region"] {
			continue
		}
		there := scope{s.session, peer}
		value, err := there.output(texts["OutputName"], root("Outputs", texts["OutputName"]))
		if err != nil {
			return nil, s.via(at, "output of stack "+name, err)
		}
		return value, nil
	}
	return nil, s.unknownf(at, "stack %s in %s isn't among those read", name, environment(account, texts["Region"]))
}

// callImportValue computes Fn::ImportValue. Export names are unique in one
// account and region, and reach no further.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
func (s scope) callImportValue(arg any, at *path) (any, error) {
	wanted, err := s.text(arg, at)
	if err != nil {
		return nil, err
	}
	for _, peer := range s.stack.peers {
		// A stack can't import what it exports itself.
		if peer == s.stack || peer.Account != s.stack.Account || peer.Region != s.stack.Region {
			continue
		}
		there := scope{s.session, peer}
		for _, name := range slices.Sorted(maps.Keys(peer.Template.Outputs)) {
			exportName := peer.Template.Outputs[name].ExportName
			if exportName == nil {
				continue
			}
			place := root("Outputs", name, "Export", "Name")
			export, err := there.follow("export name of", name, place, func() (any, error) {
				return there.text(exportName, place)
			})
			if err != nil || export != wanted {
				continue // One export that can't be named doesn't hide the others.
			}
			value, err := there.output(name, root("Outputs", name))
			if err != nil {
				return nil, s.via(at, "export "+wanted, err)
			}
			return value, nil
		}
	}
	return nil, s.unknownf(at, "no stack read from %s exports %q", environment(s.stack.Account, s.stack.Region), wanted)
}

// environment names an account and region in an error.
func environment(account, region string) string {
	if account == "" {
		account = "any account"
	}
	if region == "" {
		region = "any region"
	}
	return account + "/" + region
}
