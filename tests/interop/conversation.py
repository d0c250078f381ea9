"""A conversation as an application with scim2-client holds it; run by interop.py through the recording proxy.

    conversation.py URL
"""

import os
import sys

PASSWORD = "canary-Pa55word!"
PERSONAL = [PASSWORD, "brynhild", "quackenbush", "featherstone", "wonkatest", "867-5309", "zymurgy"]


def main(url):
    import httpx2
    from scim2_client.engines.httpx2 import SyncSCIMClient
    from scim2_models import PatchOp, PatchOperation, ResponseParameters, SearchRequest

    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"}) as transport:
        client = SyncSCIMClient(transport)
        client.discover()
        User, Group = client.get_resource_model("User"), client.get_resource_model("Group")
        name = {"given_name": "Brynhild", "family_name": "Quackenbush", "formatted": "Brynhild Quackenbush"}
        mail = "brynhild.quackenbush@wonkatest.example.org"
        user = User(user_name=mail, name=name, display_name="Brynhild Quackenbush", password=PASSWORD,
                    emails=[{"value": mail, "type": "work", "primary": True}], phone_numbers=[{"value": "+1-415-867-5309", "type": "work"}])
        user = client.create(user)
        found = client.query(User, query_parameters=SearchRequest(filter=f'userName eq "{mail.upper()}"'))
        assert found.total_results == 1, found
        group = client.create(Group(display_name="Zymurgy", members=[{"value": user.id, "type": "User"}]))
        change = PatchOp[User](operations=[PatchOperation[User](op="replace", path="name.familyName", value="Featherstone"),
                                           PatchOperation[User](op="replace", path="active", value=False)])
        client.modify(User, user.id, change)
        user = client.query(User, user.id)
        user.nick_name = "Bryn Featherstone"
        client.replace(user)
        client.query(Group, group.id, query_parameters=ResponseParameters(attributes=["displayName"]))
        client.search(User, SearchRequest(filter=f'userName eq "{mail}"', count=5))
        client.delete(Group, group.id)
        client.delete(User, user.id)
        client.query(User, user.id, raise_scim_errors=False)


if __name__ == "__main__":
    main(sys.argv[1])
