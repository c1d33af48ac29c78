"""A lean book: rules and files that no page uses go, and nothing else."""

from careshift.pipeline import prune_assets

SHEET = """@charset "UTF-8";
@import url("basic.css");
:root{--a:1}
.used,.gone > p{color:red}
.gone{content:"} .used {"}
a:not(.gone):hover{color:blue}
#here .used{margin:0}
#nowhere{margin:0}
@media (max-width:640px){.used{a:b}.gone{a:b}}
@media print{.gone{a:b}}
@font-face{font-family:X;src:url(../vendor/fontawesome/x.woff2)}
@keyframes turn{from{top:0}to{top:1px}}
:is(.gone,.used){top:0}
.u\\.5{top:0}
/*# sourceMappingURL=x.css.map */"""


def test_only_rules_that_can_apply_stay() -> None:
    left = "".join(prune_assets.kept(SHEET, {"used", "here"}))
    assert left.replace("\n", "") == (
        '@charset "UTF-8";@import url("basic.css");:root{--a:1}.used,.gone > p{color:red}'
        "a:not(.gone):hover{color:blue}#here .used{margin:0}@media (max-width:640px){.used{a:b}}"
        "@keyframes turn{from{top:0}to{top:1px}}:is(.gone,.used){top:0}.u\\.5{top:0}"
    )


def test_a_script_keeps_the_classes_that_it_sets(tmp_path) -> None:
    page, script = tmp_path / "a.html", tmp_path / "a.js"
    page.write_text('<p class="one two" id="three">class="four"</p>', encoding="utf-8")
    script.write_text('e.classList.add("five-six")', encoding="utf-8")
    assert {"one", "two", "three", "five-six"} <= prune_assets.used([page], [script])


def test_slim_drops_what_the_theme_ships_for_others_and_keeps_the_rest(tmp_path) -> None:
    static = tmp_path / "_static"
    for name in (
        "locales/de/x.mo",
        "vendor/font.ttf",
        "scripts/fontawesome.js",
        "scripts/bootstrap.js",
        "scripts/a.js.map",
    ):
        static.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        static.joinpath(name).write_text("x", encoding="utf-8")
    static.joinpath("scripts/a.js").write_text("run();\n//# sourceMappingURL=a.js.map", encoding="utf-8")
    static.joinpath("a.css").write_text(".page{top:0}.other{top:0}", encoding="utf-8")
    page = tmp_path / "a.html"
    page.write_text('<p class="page">x</p>', encoding="utf-8")
    prune_assets.slim(tmp_path)
    assert {p.name for p in tmp_path.rglob("*") if p.is_file()} == {"a.js", "a.css", "a.html"}
    assert static.joinpath("scripts/a.js").read_text(encoding="utf-8") == "run();"
    assert static.joinpath("a.css").read_text(encoding="utf-8") == ".page{top:0}"


def test_a_site_map_appears_with_an_address_only(tmp_path) -> None:
    for name in ("a.html", "404.html"):
        tmp_path.joinpath(name).write_text("x", encoding="utf-8")
    prune_assets.sitemap(tmp_path, "")
    assert not tmp_path.joinpath("sitemap.xml").exists()
    prune_assets.sitemap(tmp_path, "https://book.example/")
    text = tmp_path.joinpath("sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://book.example/a.html</loc>" in text
    assert "404" not in text
