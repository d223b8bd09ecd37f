"""Who is who across articles: invented people and bodies of invented countries."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.compare.identity import Decision, Identities, Identity, MemoryIdentities
from allegedly.compare.index import MemoryIndex
from allegedly.records import Article, Entity, EntityType, Mention, Reader, Reading


@dataclass(frozen=True)
class Who:
    """An entity as an article has it: all its surfaces, the first being its name."""

    surfaces: tuple[str, ...]
    type: EntityType = "person"
    country: str | None = None
    sector: str | None = None
    rule: str = "name"
    named: bool = True


def who(*surfaces: str, **more: object) -> Who:
    return Who(surfaces, **more)  # type: ignore[arg-type]


def article(id: str, *entities: Who) -> Reading:
    text, mentions, found = "", [], []
    for n, one in enumerate(entities, 1):
        ids = []
        for surface in one.surfaces:
            ids.append(f"m{len(mentions) + 1}")
            start, end = len(text), len(text) + len(surface)
            mentions.append(Mention(ids[-1], start, end, (start, end), one.type, one.named, f"e{n}", 0.9))
            text += surface + ". "
        found.append(Entity(f"e{n}", one.surfaces[0], one.type, one.country, one.sector, one.surfaces[1:], tuple(ids), one.rule))
    return Reading(Article(id, text), (), tuple(mentions), tuple(found), (), (), (), (), (), None, (), Reader("0", "0", "0"))


class World:
    def __init__(self, *decisions: Decision) -> None:
        self.identities = Identities(MemoryIndex(), MemoryIdentities(), decisions=decisions)
        self.read = 0

    def add(self, *entities: Who) -> list[int | None]:
        """The identities of an article's entities, in their order."""
        self.read += 1
        found = {m.entity: m.identity for m in self.identities.resolve(article(f"a{self.read}", *entities))}
        return [found.get(f"e{n}") for n in range(1, len(entities) + 1)]

    def one(self, number: int | None) -> Identity:
        assert number is not None
        found = self.identities.identity(number)
        assert found is not None
        return found


HALVIK = who("Maren Halvik", "Halvik")
FRONT = who("Eastern Assembly Front", "EAF", type="organization")


def test_a_full_name_is_one_identity() -> None:
    world = World()
    assert world.add(HALVIK) == world.add(HALVIK)
    assert world.one(1).articles == 2


def test_spellings_of_one_transliterated_name_are_one() -> None:
    world = World()
    assert len({world.add(who(f"Karim {last}"))[0] for last in ("Zoraddin", "Zoradin", "Zoraddeen")}) == 1
    assert len({world.add(who(f"Karim {last}"), HALVIK)[0] for last in ("Massoud", "Masoud", "Masood")}) == 1
    assert world.add(who("Karim Zorbadin"))[0] not in (1, None)


def test_a_surname_needs_support() -> None:
    world = World()
    (halvik, front) = world.add(HALVIK, FRONT)
    assert world.add(who("Halvik"))[0] != halvik
    assert world.add(who("Halvik"), FRONT) == [halvik, front]


def test_a_surname_is_supported_by_country_and_by_sector() -> None:
    world = World()
    (halvik,) = world.add(who("Maren Halvik", country="NOR"))
    assert world.add(who("Halvik", country="NOR")) == [halvik]
    assert world.add(who("Halvik", country="SWE")) != [halvik]
    (lenn,) = world.add(who("Davor Lenn", sector="REB"))
    assert world.add(who("Lenn", sector="REB")) == [lenn]


def test_a_surname_that_two_bear_goes_to_the_one_with_more_support() -> None:
    world = World()
    union = who("Tolmere Workers Union", type="organization")
    (maren, _) = world.add(HALVIK, FRONT)
    (jon, _) = world.add(who("Jon Halvik"), union)
    assert maren != jon
    assert world.add(who("Halvik"), union)[0] == jon
    assert world.add(who("Halvik"), FRONT)[0] == maren
    assert world.add(who("Halvik"), FRONT, union)[0] not in (maren, jon)


def test_a_full_name_takes_over_a_surname_with_support() -> None:
    world = World()
    union = who("Tolmere Workers Union", type="organization")
    (halvik, *_) = world.add(who("Halvik"), FRONT, union)
    assert world.add(HALVIK, FRONT, union)[0] == halvik
    assert world.one(halvik).name == "Maren Halvik"
    assert world.add(HALVIK)[0] == halvik


def test_homonyms_of_two_countries_stay_apart() -> None:
    world = World()
    (one,) = world.add(who("Maren Halvik", country="NOR"))
    (other,) = world.add(who("Maren Halvik", country="SWE"))
    assert one != other
    assert world.add(who("Maren Halvik", country="SWE")) == [other]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Ahmet Sor Velan", "Ahmet Velan", False),
        ("Ahmet S. Velan", "Ahmet Velan", True),
        ("Ahmet S. Velan", "Ahmet T. Velan", False),
        ("Ahmet S. Velan", "Ahmet Sor Velan", True),
        ("Ahmet Velan Jr.", "Ahmet Velan", True),
        ("Ahmet Velan", "Velan Ahmet", False),
    ],
)
def test_what_stands_in_the_middle_tells_people_apart(first: str, second: str, same: bool) -> None:
    world = World()
    assert (world.add(who(first)) == world.add(who(second))) is same


def test_types_that_clash_stay_apart() -> None:
    world = World()
    (person,) = world.add(who("Lund Hansen"))
    (body,) = world.add(who("Lund Hansen", type="organization"))
    (place,) = world.add(who("Lund Hansen", type="place"))
    assert len({person, body, place}) == 3
    assert world.add(who("Lund Hansen", type="group")) == [body]


def test_a_word_whose_type_is_in_doubt_is_one_among_the_same_others() -> None:
    world = World()
    (kestria, *_) = world.add(who("Kestria", type="place"), HALVIK, FRONT)
    assert world.add(who("Kestria"), HALVIK, FRONT)[0] == kestria
    assert world.add(who("Kestria"), HALVIK)[0] != kestria
    assert world.add(who("Halvik", type="place"), who("Lenn"), FRONT)[0] != world.add(HALVIK)[0]


def test_acronyms_go_with_their_long_forms() -> None:
    world = World()
    (halvik, front) = world.add(HALVIK, FRONT)
    assert world.add(HALVIK, who("EAF", type="organization")) == [halvik, front]
    assert world.add(who("Eastern Assembly Front", type="organization")) == [front]


def test_a_long_form_joins_the_acronym_that_was_met_alone() -> None:
    world = World()
    union = who("Tolmere Workers Union", type="organization")
    (front, *_) = world.add(who("EAF", type="organization"), HALVIK, union)
    assert world.add(who("Eastern Assembly Front", type="organization"), HALVIK, union)[0] == front
    assert world.one(front).name == "Eastern Assembly Front"


def test_one_acronym_of_two_bodies() -> None:
    world = World()
    (front, _) = world.add(FRONT, HALVIK)
    (fund, _) = world.add(who("Energy Access Fund", "EAF", type="organization"), who("Ada Lund"))
    assert front != fund
    assert world.add(who("EAF", type="organization"), who("Ada Lund"))[0] == fund
    assert world.add(who("EAF", type="organization"), HALVIK)[0] == front
    assert world.add(who("EAF", type="organization"))[0] not in (front, fund)


def test_a_name_that_every_state_has_needs_support() -> None:
    world = World()
    ministry = who("Ministry of Defence", type="organization")
    norway, chile = (who(n, type="country", country=c, rule="gazetteer:country") for n, c in (("Norway", "NOR"), ("Chile", "CHL")))
    one, other = world.add(ministry, norway)[0], world.add(ministry, chile)[0]
    assert one != other
    assert world.add(ministry, norway)[0] == one


def test_countries_go_by_their_code_and_listed_bodies_by_their_entry() -> None:
    world = World()
    (norway,) = world.add(who("Norway", type="country", country="NOR", rule="gazetteer:country"))
    (people,) = world.add(who("Norwegians", type="group", country="NOR", rule="gazetteer:demonym", named=False))
    (state,) = world.add(who("Oslo", type="organization", country="NOR", sector="GOV", rule="gazetteer:capital as government"))
    assert len({norway, people, state}) == 3
    assert world.add(who("Kingdom of Norway", type="country", country="NOR", rule="gazetteer:country")) == [norway]
    (un,) = world.add(who("United Nations", type="organization", sector="UNO", rule="gazetteer:organisation"))
    assert world.add(who("UN", type="organization", sector="UNO", rule="gazetteer:organisation")) == [un]
    assert world.one(un).sector == "UNO"


def test_what_an_article_calls_somebody_is_not_the_ledgers_sector() -> None:
    world = World()
    (lenn,) = world.add(who("Davor Lenn", country="NOR", sector="REB", rule="name+nominal:rebel"))
    world.add(who("Davor Lenn", country="NOR", sector="MIL", rule="name+title:commander"))
    found = world.one(lenn)
    assert (found.sector, found.country) == (None, None)
    assert dict(found.described) == {"country:NOR": 2, "sector:REB": 1, "sector:MIL": 1}


def test_descriptions_have_no_identity() -> None:
    assert World().add(who("the rebel commander", named=False, rule="nominal:commander")) == [None]


def test_a_users_sector_is_the_ledgers() -> None:
    world = World(Decision("sector", 1, value="PTY"), Decision("country", 1, value="NOR"))
    world.add(HALVIK)
    assert (world.one(1).sector, world.one(1).country) == ("PTY", "NOR")


def test_a_merge_wins() -> None:
    world = World()
    one, other = world.add(HALVIK)[0], world.add(who("Iron Mare"))[0]
    assert one is not None
    assert other is not None
    world.identities.decide(Decision("merge", one, other=other))
    assert world.add(who("Iron Mare")) == [one]
    assert world.one(other).name == "Maren Halvik"
    world.identities.decide(Decision("split", one, other=other))
    assert world.add(who("Iron Mare")) == [other]


def test_merges_in_a_circle_end() -> None:
    world = World(*(Decision("merge", a, other=b) for a, b in ((1, 2), (2, 3), (3, 1), (1, 1))))
    assert len({world.identities.number(n) for n in (1, 2, 3)}) == 1


def test_a_split_wins() -> None:
    world = World(Decision("split", 1, form="Marin Halvik"), Decision("split", 1, form="Maren Halvik", article="a3"))
    assert world.add(HALVIK) == [1]
    assert world.add(who("Marin Halvik")) != [1]
    assert world.add(HALVIK) != [1]
    assert world.add(HALVIK) == [1]


def test_resolving_again_gives_the_same() -> None:
    world = World()
    reading = article("a1", HALVIK, FRONT, who("Lenn"))
    first = world.identities.resolve(reading)
    assert [m.identity for m in world.identities.resolve(reading)] == [m.identity for m in first]


def test_looking_keeps_nothing() -> None:
    world = World()
    (halvik,) = world.add(HALVIK)
    found = world.identities.look(article("q", who("Halvik"), who("Ada Lund")))
    assert found == {"e1": halvik}
    assert world.one(halvik).articles == 1
    assert world.add(who("Ada Lund")) == [2]


def test_who_is_found_by_any_name() -> None:
    world = World()
    world.add(who("Jon Halvik"))
    maren, front = world.add(HALVIK, FRONT)
    world.add(HALVIK)
    assert [i.number for i in world.identities.find("Halvik")] == [maren, 1]
    assert [i.number for i in world.identities.find("the EAF")] == [front]
    assert [i.number for i in world.identities.find("Eastern Assembly Front")] == [front]
    assert world.identities.find("") == world.identities.find("Nobody Here") == ()


NAMES = ("Maren Halvik", "Halvik", "Jon Halvik", "Davor Lenn", "Lenn", "Ada M. Lund", "Lund", "Osk", "EAF", "Eastern Assembly Front")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_every_name_has_an_identity_and_no_two_first_names_share_one(articles: list[list[str]], rng: random.Random) -> None:
    world = World()
    bearers: dict[int, set[str]] = {}
    for names in articles:
        kinds: list[Who] = [who(n, type="organization" if "E" in n else "person", country=rng.choice([None, "NOR"])) for n in names]
        for name, number in zip(names, world.add(*kinds), strict=True):
            assert number is not None
            if " " in name and "E" not in name:
                bearers.setdefault(number, set()).add(name)
    assert all(len(names) == 1 for names in bearers.values())


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["person", "organization", "group", "place", "country"]))
def test_no_name_is_too_odd(name: str, kind: EntityType) -> None:
    world = World()
    world.add(who(name or " ", type=kind))
    world.identities.find(name)
