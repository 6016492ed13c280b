using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Experiments.Specs.Fields;

/// <summary>The id of a learning rule.</summary>
internal sealed class RuleId : ValueRule
{
    /// <inheritdoc/>
    public override string? Mistake(object value, Components components) => Unknown((string)value, components.Rules);

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        var rules = components.Rules;
        JsonNode?[] orNull = schema["type"] is JsonArray ? [null] : [];
        schema["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray([.. rules.Ids.Select(id => JsonValue.Create(id)), .. orNull]) },
            new JsonObject { ["enum"] = new JsonArray([.. Aliases(rules).Select(alias => JsonValue.Create(alias.Name))]) },
            new JsonObject { ["pattern"] = Mixtures(rules) });
    }

    /// <summary>What is wrong with an id, if the rule is not known.</summary>
    public static string? Unknown(string id, RuleCatalog rules)
    {
        if (rules.Ids.Contains(id))
        {
            return null;
        }

        if (RuleMixture.IsMeant(id))
        {
            return UnknownMixture(id, rules);
        }

        if (id == RuleCatalog.NameOfAll)
        {
            return $"there is no rule {ForeignText.Quoted(id)}; a spec names its rules, so that it stays the same when there are more (`fa compare --spec FILE --rules all` takes all that can teach its network)";
        }

        var hint = DidYouMean.Hint(id, [.. rules.Ids, .. Aliases(rules).Select(alias => alias.Name)]);
        return $"there is no rule {ForeignText.Quoted(id)}{(hint.Length > 0 ? hint : RuleNames.List("the rules are", rules.Ids))}";
    }

    /// <summary>The other names of the rules, each with the rule's id.</summary>
    public static IEnumerable<(string Name, string Id)> Aliases(RuleCatalog rules)
        => rules.Entries.SelectMany(rule => rule.Aliases.Select(alias => (alias, rule.Id)));

    /// <summary>A regular expression for the ids of mixtures.</summary>
    public static string Mixtures(RuleCatalog rules)
    {
        var part = $"({string.Join('|', rules.PossibleParts.SelectMany(rule => rule.Aliases.Prepend(rule.Id)))})";
        var named = $@"(\*|[a-z][a-z0-9-]*(/\*)?){RuleMixture.Mark}{part}";
        return $@"^({part}(\{RuleMixture.Joint}{part})+|{named}(\{RuleMixture.Joint}{named})*)$";
    }

    private static string? UnknownMixture(string id, RuleCatalog rules)
    {
        if (id.Length > RuleNames.Longest)
        {
            return $"is {id.Length} characters long; the runs' folders are called so, and {RuleNames.Longest} is the most";
        }

        if (RuleMixture.NameMistake(id) is { } wrongName)
        {
            return $"{ForeignText.Quoted(id)}: {wrongName}";
        }

        string[] possible = [.. rules.PossibleParts.Select(rule => rule.Id)];
        foreach (var (name, part) in RuleMixture.Split(id))
        {
            if (part.Length == 0)
            {
                return name is not null ? $"{ForeignText.Quoted(id)}: a rule is missing behind \"{name}{RuleMixture.Mark}\""
                    : $"{ForeignText.Quoted(id)}: a rule is missing beside a \"{RuleMixture.Joint}\"; write one for each hidden layer, "
                        + "from the lowest up";
            }

            if (possible.Contains(RuleNames.Canonical(part, rules)))
            {
                continue;
            }

            if (rules.FindSingle(part) is not null)
            {
                return $"{ForeignText.Quoted(id)}: {part} sends no error from layer to layer, so it cannot be the rule of one layer{RuleNames.List("those that can are", possible)}";
            }

            var hint = DidYouMean.Hint(part, possible);
            return $"{ForeignText.Quoted(id)}: there is no rule {ForeignText.Quoted(part)}{(hint.Length > 0 ? hint : RuleNames.List("those for single layers are", possible))}";
        }

        return null;
    }
}

/// <summary>A dictionary whose keys are ids of learning rules.</summary>
internal sealed class RuleKeys : ListRule
{
    /// <inheritdoc/>
    public override IEnumerable<(string At, string Text)> Mistakes(IEnumerable values, Components components)
    {
        foreach (var (id, _) in SpecEntries.Of(values))
        {
            if (RuleId.Unknown(id, components.Rules) is { } mistake)
            {
                yield return ($".{SpecProblem.Key(id)}", mistake);
            }
        }
    }

    /// <inheritdoc/>
    public override void Describe(JsonObject schema, Components components)
    {
        var rules = components.Rules;
        var settings = schema["additionalProperties"]!;
        schema["properties"] = new JsonObject(
        [
            .. rules.Entries.Select(rule => KeyValuePair.Create(rule.Id, SettingsOf(rule.Options, settings))),
            .. RuleId.Aliases(rules)
                .Select(alias
                    => KeyValuePair.Create(alias.Name,
                        SettingsOf(rules.Get(alias.Id).Options, settings, $"Another name of {alias.Id}."))),
        ]);
        var ofParts = rules.PossibleParts.SelectMany(rule => rule.Options).DistinctBy(option => option.Id);
        schema["patternProperties"] = new JsonObject { [RuleId.Mixtures(rules)] = SettingsOf(ofParts, settings) };
        schema["additionalProperties"] = false;
        schema["propertyNames"] = new JsonObject { ["title"] = "RULE" };
    }

    /// <summary>The settings of all rules, with these options.</summary>
    private static JsonNode? SettingsOf(IEnumerable<RuleOption> options, JsonNode settings, string? description = null)
    {
        var own = settings.DeepClone();
        if (description is not null)
        {
            own.AsObject().Insert(0, "description", description);
        }

        if (own["properties"]![JsonNamingPolicy.CamelCase.ConvertName(nameof(RuleSettings.Options))] is not JsonObject described)
        {
            return own;
        }

        described["properties"] = new JsonObject(options.Select(option => KeyValuePair.Create(option.Id, (JsonNode?)Describe(option))));
        described["additionalProperties"] = false;
        return own;
    }

    private static JsonObject Describe(RuleOption option)
    {
        var schema = new JsonObject { ["description"] = option.Summary, ["type"] = option.IsWhole ? "integer" : "number" };
        foreach (var (keyword, bound) in (ReadOnlySpan<(string, double)>)[
            ("exclusiveMinimum", option.Above), ("minimum", option.AtLeast), ("exclusiveMaximum", option.Below), ("maximum", option.AtMost),
        ])
        {
            if (double.IsFinite(bound))
            {
                schema[keyword] = bound;
            }
        }

        schema["default"] = option.Default;
        return schema;
    }
}
