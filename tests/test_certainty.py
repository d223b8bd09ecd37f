"""Polarity and status by scope. Own sentences; pairs in which the same cue word does and does not decide."""

import pytest

import allegedly

# sentence, a word of the predicate, polarity, status
CASES = [
    ("Ardovia attacked the port.", "attacked", "affirmed", "actual"),
    ("Ardovia did not attack the port.", "attack", "negated", "actual"),
    ("Ardovia never attacked the port.", "attacked", "negated", "actual"),
    ("It was not the first time that Ardovia attacked the port.", "attacked", "affirmed", "actual"),
    ("No convoy was attacked on Friday.", "attacked", "negated", "actual"),
    ("Neither party has signed the treaty.", "signed", "negated", "actual"),
    ("Not only did the union reject the offer, it called a strike.", "reject", "affirmed", "actual"),
    ("The council failed to approve the budget.", "approve", "negated", "actual"),
    ("The council did not fail to approve the budget.", "approve", "affirmed", "actual"),
    ("The general refused to release the prisoners.", "release", "negated", "actual"),
    ("The general managed to release the prisoners.", "release", "affirmed", "actual"),
    ("The general did not manage to release the prisoners.", "release", "negated", "actual"),
    ("Kestria will send troops to Maravel.", "send", "affirmed", "planned"),
    ("Kestria will not send troops to Maravel.", "send", "negated", "planned"),
    ("Kestria vowed to send troops to Maravel.", "send", "affirmed", "planned"),
    ("Kestria plans to withdraw its soldiers.", "withdraw", "affirmed", "planned"),
    ("Kestria is expected to withdraw its soldiers.", "withdraw", "affirmed", "planned"),
    ("Kestria could withdraw its soldiers.", "withdraw", "affirmed", "possible"),
    ("Kestria may have withdrawn its soldiers.", "withdrawn", "affirmed", "possible"),
    ("Perhaps Kestria withdrew its soldiers.", "withdrew", "affirmed", "possible"),
    ("Kestria is considering sanctions against Osk.", "sanctions", "affirmed", "possible"),
    ("The bishops urged the king to pardon the rebels.", "pardon", "affirmed", "demanded"),
    ("The king should pardon the rebels.", "pardon", "affirmed", "demanded"),
    ("The lawyers demanded the release of the editor.", "release", "affirmed", "demanded"),
    ("The lawyers welcomed the release of the editor.", "release", "affirmed", "actual"),
    ("If Kestria attacks the bridge, the talks will end.", "attacks", "affirmed", "conditional"),
    ("Had Kestria attacked the bridge, the talks would have ended.", "attacked", "affirmed", "conditional"),
    ("Had Kestria attacked the bridge, the talks would have ended.", "ended", "affirmed", "conditional"),
    ("Because Kestria attacked the bridge, the talks ended.", "attacked", "affirmed", "actual"),
    ("Unless the army leaves, the villagers will flee.", "leaves", "affirmed", "conditional"),
    ("Will Kestria attack the bridge?", "attack", "affirmed", "question"),
    ("Officials denied that soldiers had burned the village.", "burned", "negated", "actual"),
    ("The minister does not believe that the party will win.", "win", "negated", "planned"),
    ("The court ruled out freeing the journalist.", "freeing", "negated", "actual"),
    ("Soldiers left without firing a shot.", "firing", "negated", "actual"),
    ("The president was forced to resign.", "resign", "affirmed", "actual"),
    ("The president was unable to form a government.", "form", "negated", "actual"),
    ("Brennia became the first country to recognise the new state.", "recognise", "affirmed", "actual"),
    ("The army halted its plan to bomb the dam.", "bomb", "affirmed", "planned"),
    ("There is no proof that the governor ordered the killing.", "ordered", "negated", "actual"),
    ("The inquiry found no evidence that the army shelled the school.", "shelled", "negated", "actual"),
    ("It is not true that Brennia attacked the ferry.", "attacked", "negated", "actual"),
    ("It was not Kestria that attacked the ferry.", "attacked", "negated", "actual"),
    ("The rebels have yet to release the hostages.", "release", "negated", "actual"),
    ("The army stopped short of blaming Kestria.", "blaming", "negated", "actual"),
    ("The assembly voted against impeaching the president.", "impeaching", "negated", "actual"),
    ("The premier has not ruled out sending troops.", "sending", "affirmed", "possible"),
    ("The ministry stockpiled grain in case Brennia closed the border.", "stockpiled", "affirmed", "actual"),
    ("The ministry stockpiled grain in case Brennia closed the border.", "closed", "affirmed", "conditional"),
    ("The envoy will visit Osk on condition that the truce holds.", "holds", "affirmed", "conditional"),
    ("As soon as the rebels leave, the army will bomb the dam.", "leave", "affirmed", "conditional"),
    ("The army will leave the valley once the rebels disarm.", "disarm", "affirmed", "conditional"),
    ("Nobody claimed responsibility for the explosion.", "claimed", "negated", "actual"),
]


@pytest.mark.parametrize(("sentence", "word", "polarity", "status"), CASES)
def test_certainty(sentence: str, word: str, polarity: str, status: str) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index(word)
    found = [s for s in reading.statements if any(a <= at < b for a, b in s.predicate)]
    assert [(s.polarity, s.status) for s in found] == [(polarity, status)], [(s.lemma, s.sure_rule) for s in reading.statements]
