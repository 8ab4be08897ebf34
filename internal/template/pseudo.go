package template

import "github.com/s3seal/s3seal/internal/cfn"

// pseudo gives a pseudo parameter.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
func (s *scope) pseudo(name string, at *cfn.Path) (any, error) {
	switch name {
	case "AWS::NoValue":
		return cfn.NoValue{}, nil
	case "AWS::StackName":
		return s.stack.Name, nil
	case "AWS::NotificationARNs":
		if s.stack.NotificationARNs == nil {
			return nil, s.Unknownf(at, "the notification ARNs that the deployment gives")
		}
		arns := []any{}
		for _, arn := range s.stack.NotificationARNs {
			arns = append(arns, arn)
		}
		return arns, nil
	case "AWS::StackId":
		return s.fill("arn:{partition}:cloudformation:{region}:{account}:stack/"+s.stack.Name+"/"+s.uuid("stack"), nil, at)
	case "AWS::AccountId":
		return s.fill("{account}", nil, at)
	case "AWS::Region":
		return s.fill("{region}", nil, at)
	case "AWS::Partition":
		return s.fill("{partition}", nil, at)
	case "AWS::URLSuffix":
		return s.fill("{suffix}", nil, at)
	}
	return nil, s.Errorf(at, "no pseudo parameter %s", name)
}
