import { checkTerraform } from './terraform-version';

describe('checkTerraform', () => {
  test.each(['1.10.0', '1.10.5', '1.11.4', '1.12.0-beta1', '2.0.0'])(
    'accepts Terraform %s',
    (version) => {
      expect(() => checkTerraform(version)).not.toThrow();
    },
  );

  test.each(['1.9.8', '1.2.11', '0.15.0'])(
    'fails when Terraform is %s, and names it',
    (version) => {
      expect(() => checkTerraform(version)).toThrow(
        `Terraform 1.10.0 or newer is needed, but this is Terraform ${version}: install a ` +
          'newer one from https://developer.hashicorp.com/terraform/install',
      );
    },
  );

  test('fails when there is no Terraform', () => {
    expect(() => checkTerraform(undefined)).toThrow('no `terraform` command was found');
  });
});
