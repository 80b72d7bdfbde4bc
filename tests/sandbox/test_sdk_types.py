import subprocess
import sys

import pytest

from sandbox.sdk_types import AnyShape, ListOf, MapOf, Record, Scalar, Shape, inputs, properties


def at(shape: Shape, *steps: str) -> Shape:
    for step in steps:
        while isinstance(shape, ListOf | MapOf):
            shape = shape.item
        assert isinstance(shape, Record)
        shape = shape.fields[step].shape
    return shape


def test_scalars_lists_maps_and_records_are_read_from_the_sdks_classes() -> None:
    app = inputs("digitalocean:index/app:App")
    ruleset = inputs("cloudflare:index/ruleset:Ruleset")
    assert at(app, "spec", "services", "instanceCount") == Scalar("integer")
    assert at(app, "spec", "features") == ListOf(Scalar("string"))
    assert isinstance(at(ruleset, "rules", "actionParameters", "headers"), MapOf)
    assert at(ruleset, "rules", "actionParameters", "rules") == MapOf(ListOf(Scalar("string")))


def test_required_properties_are_those_without_a_default() -> None:
    record = inputs("digitalocean:index/uptimeCheck:UptimeCheck")
    assert {name for name, field in record.fields.items() if field.required} == {"target"}


def test_a_union_of_string_and_enum_is_an_open_string_and_any_is_any() -> None:
    assert at(inputs("digitalocean:index/dnsRecord:DnsRecord"), "type") == Scalar("string")
    assert at(inputs("cloudflare:index/zoneSetting:ZoneSetting"), "value") == AnyShape()


def test_outputs_are_known_too() -> None:
    assert {"spec", "liveUrl", "defaultIngress"} <= properties("digitalocean:index/app:App")


@pytest.mark.parametrize("token", ["digitalocean:index/nothing:Nothing", "nonsense"])
def test_an_unknown_type_is_a_lookup_error(token: str) -> None:
    with pytest.raises(LookupError):
        inputs(token)


@pytest.mark.thorough
def test_one_resource_does_not_import_the_whole_sdk() -> None:
    program = (
        "import sys; from sandbox.sdk_types import inputs; inputs('digitalocean:index/domain:Domain'); "
        "print('pulumi_digitalocean.droplet' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
