package rule

import (
	"maps"
	"regexp"
	"slices"

	"github.com/s3seal/s3seal/internal/template"
)

// parameter is one that has neither a value nor a default.
type parameter struct {
	values  []string // that are allowed, or that it is compared with
	allowed bool     // it has no others
	name    bool     // it names a resource, or is an id: its text means nothing by itself
	shape   string   // what an id begins with
	place   bool     // it says where something is, which rules compare
	opaque  bool     // no value stands for the others
}

// ids are the types of parameters whose values are ids of what the account has,
// with what they begin with.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cloudformation-supplied-parameter-types.html
var ids = map[string]string{
	"AWS::EC2::Image::Id":          "ami-",
	"AWS::EC2::Instance::Id":       "i-",
	"AWS::EC2::KeyPair::KeyName":   "key-pair-",
	"AWS::EC2::SecurityGroup::Id":  "sg-",
	"AWS::EC2::Subnet::Id":         "subnet-",
	"AWS::EC2::VPC::Id":            "vpc-",
	"AWS::EC2::Volume::Id":         "vol-",
	"AWS::Route53::HostedZone::Id": "Z",
}

// parameters are those that the stacks leave open and of which some values stand
// for all. Those of one name have the same value in all stacks.
func parameters(stacks []*template.Stack) map[string]*parameter {
	all := map[string]*parameter{}
	for _, s := range stacks {
		for _, name := range s.Unset() {
			if all[name] == nil {
				all[name] = &parameter{}
			}
			p, written := all[name], s.Template.Parameters[name]
			shape, id := ids[written.Type]
			switch {
			case len(written.AllowedValues) > 0 && (written.Type == "String" || written.Type == "Number"):
				p.allowed = true
				for _, v := range written.AllowedValues {
					if text, ok := template.ScalarText(v); ok {
						p.values = append(p.values, text)
					}
				}
			case id:
				p.shape, p.name = shape, true
			default:
				p.opaque = p.opaque || written.Type != "String" // a list, a number, what an SSM parameter has
				p.place = p.place || placeName.MatchString(name) || placePattern.MatchString(written.AllowedPattern)
			}
		}
	}
	for _, s := range stacks {
		if len(all) == 0 {
			break
		}
		u := usage{all, s.Template.Mappings}
		for _, condition := range s.Template.Conditions {
			u.read(condition, true)
		}
		for _, r := range s.Template.Resources {
			u.read(r.RawProperties, false)
			for _, p := range u.within(r.RawProperties[template.NameProperty(r.Type)]) {
				p.name = true
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, p *parameter) bool {
		p.name = p.name && !p.place
		slices.Sort(p.values)
		p.values = slices.Compact(p.values)
		return p.opaque || len(p.values) == 0 && !p.name
	})
	return all
}

// placeName and placePattern are of parameters that say where something is.
var (
	placeName    = regexp.MustCompile(`(?i)account|region|partition|arn$`)
	placePattern = regexp.MustCompile(`\{12\}|arn:`)
)
