using System.Security;
using System.Text.RegularExpressions;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Small drawings of the way that the error takes under a rule, made from what the records say of it.</summary>
internal static partial class ErrorPathDrawing
{
    private const int Top = 64;

    /// <summary>
    /// The drawing that stands for networks in general has two hidden layers. Which is a convolution matters only to rules that freeze
    /// some.
    /// </summary>
    private static readonly bool[] _general = [true, false];

    /// <summary>What a file needs of the page's style sheet.</summary>
    private const string FileStyle = """
        <style>
        :root { --page: #ffffff; --text: #202124; --axis: #6e7074; --panel: #f6f7f9; --back: #0072b2; }
        @media (prefers-color-scheme: dark) { :root { --page: #16181c; --text: #e8eaed; --axis: #8d9299; --panel: #1f2228; --back: #4aa8e0; } }
        text { font-family: system-ui, sans-serif; }
        .fill-text { fill: var(--text); } .fill-axis { fill: var(--axis); } .stroke-axis { stroke: var(--axis); } .fill-1 { fill: var(--back); } .stroke-1 { stroke: var(--back); }
        .box { fill: var(--page); stroke: var(--axis); stroke-width: 1.3; } .frozen { stroke-dasharray: 3 3; fill: var(--panel); } .on-color { fill: var(--page); font-weight: 700; }
        </style>

        """;

    /// <summary>An <c>svg</c> element for a page: the forward path above, the rule's error path below.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="color">Its color on the page.</param>
    /// <param name="convolutions">
    /// Of each hidden layer of the network, whether it is a convolution; of more than two layers, the first and the last are drawn.
    /// </param>
    public static string Of(RuleRecord rule, int color, IReadOnlyList<bool> convolutions) => Draw(rule, color, convolutions, "", "");

    /// <summary>The same as a file of its own, which looks right on light and dark pages.</summary>
    public static string File(RuleRecord rule)
        => Draw(rule, 1, _general, """ xmlns="http://www.w3.org/2000/svg" width="480" height="201" """.TrimEnd(), FileStyle) + "\n";

    /// <summary>Lines of text that fit under the layers.</summary>
    private const int Lines = 4;

    private static string Draw(RuleRecord rule, int color, IReadOnlyList<bool> convolutions, string attributes, string style)
    {
        var id = $"path-{Id(rule.Id)}";
        var hidden = Math.Max(convolutions.Count, rule.Parts.Count);
        if (rule.Frozen == RuleFrozen.Features && hidden > 0 && IsFrozen(rule, convolutions, hidden - 1))
        {
            rule = rule with { Route = RuleRoute.None, Carrier = "" };
        }

        var endsAbove = rule.Frozen == RuleFrozen.Features && IsFrozen(rule, convolutions, 0);
        var arrow = $"""marker-end="url(#{id}-back)" """.TrimEnd();
        return $"""
            <svg{attributes} viewBox="{Left(hidden)} 16 320 134" class="chart drawing" role="img" aria-labelledby="{id}-title {id}-desc">
            <title id="{id}-title">{Escape(RuleText.Name(rule))}</title>
            <desc id="{id}-desc">{Escape(rule.Summary)}</desc>
            {style}<defs>{Arrowhead($"{id}-forward", "fill-axis")}{Arrowhead($"{id}-back", $"fill-{color}")}</defs>
            <g class="fill-text" font-size="13" text-anchor="middle">
            {Layers(rule, hidden, convolutions, id)}
            </g>
            <g class="stroke-{color}" fill="none" stroke-width="2.2"><path d="M292 62V92"/>{Paths(rule, hidden, arrow, endsAbove)}</g>
            <g class="fill-{color}" font-size="13" text-anchor="middle"><circle cx="292" cy="103" r="11"/><text x="292" y="107" class="on-color">{Sent(rule)}</text>{Labels(rule, hidden, endsAbove)}</g>
            </svg>
            """;
    }

    private static string Arrowhead(string id, string part) =>
        $"""<marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" class="{part}"/></marker>""";

    /// <summary>Fewer layers stand further right; the view moves with them, so that they are in its middle.</summary>
    private static int Left(int hidden) => hidden switch { 0 => 88, 1 => 44, _ => 0 };

    private static string Layers(RuleRecord rule, int hidden, IReadOnlyList<bool> convolutions, string id)
    {
        return hidden switch
        {
            0 => Box(178, "input") + Box(266, "output") + Forward(228, "W₁", id),
            1 => Box(90, "input") + HiddenBox(178, 1) + Box(266, "output") + Forward(140, "W₁", id) + Forward(228, "W₂", id),
            _ => Box(2, "input") + HiddenBox(90, 1) + HiddenBox(178, hidden) + Box(266, "output")
                + Forward(52, "W₁", id) + Forward(140, hidden == 2 ? "W₂" : "…", id) + Forward(228, "W" + Index(hidden + 1), id),
        };

        string HiddenBox(int left, int layer)
        {
            var kind = rule.Frozen == RuleFrozen.Nothing || !convolutions.Contains(true) ? "hidden"
                : convolutions.ElementAtOrDefault(layer - 1) ? "conv" : "dense";
            return Frame(left, IsFrozen(rule, convolutions, layer - 1) ? "box frozen" : "box")
                + $"""<text x="{left + 26}" y="40" font-size="10.5">{kind}<tspan x="{left + 26}" dy="13">layer {layer}</tspan></text>""";
        }
    }

    /// <summary>Whether a hidden layer stays as it was drawn.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="convolutions">Of each hidden layer, whether it is a convolution.</param>
    /// <param name="layer">The layer, from 0.</param>
    private static bool IsFrozen(RuleRecord rule, IReadOnlyList<bool> convolutions, int layer)
        => !rule.TeachesHiddenLayers || rule.Frozen switch
        {
            RuleFrozen.Convolutions => convolutions.ElementAtOrDefault(layer),
            RuleFrozen.Features => convolutions.Skip(layer).Contains(true),
            _ => false,
        };

    private static string Frame(int left, string kind) => $"""<rect x="{left}" y="26" width="52" height="34" rx="7" class="{kind}"/>""";

    private static string Box(int left, string name)
        => Frame(left, "box") + $"""<text x="{left + 26}" y="47" font-size="10.5">{name}</text>""";

    /// <summary>A number as a subscript.</summary>
    private static string Index(int number) => string.Concat($"{number}".Select(digit => (char)('₀' + (digit - '0'))));

    private static string Forward(int left, string weights, string id) =>
        $"""<path d="M{left + 3} 43H{left + 36}" class="stroke-axis" stroke-width="1.5" marker-end="url(#{id}-forward)"/><text x="{left + 20}" y="34">{weights}</text>""";

    private static string Sent(RuleRecord rule)
        => rule.SendsTarget || rule.Route == RuleRoute.Targets ? "t"
        : rule.Route == RuleRoute.Scalar ? "ΔL"
        : "e";

    /// <param name="rule">The rule.</param>
    /// <param name="hidden">Number of hidden layers.</param>
    /// <param name="arrow">What makes an arrow of a line.</param>
    /// <param name="endsAbove">Whether the error does not get to the lowest hidden layer.</param>
    private static string Paths(RuleRecord rule, int hidden, string arrow, bool endsAbove)
    {
        if (hidden == 0 || rule.PartNames.Count > 0)
        {
            return "";
        }

        if (hidden == 1)
        {
            return Dashed(rule, ToOnly(rule.Route, arrow));
        }

        if (rule.Parts.Count > 0)
        {
            var (lower, upper) = (rule.Parts[0], rule.Parts[^1]);
            return Dashed(upper, ToUpper(upper.Route, arrow)) + Dashed(lower, ToLower(lower.Route, arrow));
        }

        return Dashed(rule, ToUpper(rule.Route, arrow) + (endsAbove ? "" : ToLower(rule.Route, arrow)));
    }

    private static string ToUpper(RuleRoute route, string arrow) => route switch
    {
        RuleRoute.LayerByLayer or RuleRoute.Targets => $"""<path d="M280 100H206V{Top}" {arrow}/>""",
        RuleRoute.Direct or RuleRoute.Scalar => $"""<path d="M280 98H204V{Top}" {arrow}/>""",
        RuleRoute.FirstThenForward => $"""<path d="M124 {Top}C136 96 186 96 199 {Top + 1}" {arrow}/>""",
        RuleRoute.SecondPass => $"""<path d="M145 53H174" {arrow}/><path d="M233 53H262" {arrow}/>""",
        _ => "",
    };

    /// <summary>The way to a single hidden layer.</summary>
    private static string ToOnly(RuleRoute route, string arrow) => route switch
    {
        RuleRoute.FirstThenForward => ToUpper(RuleRoute.Direct, arrow),
        RuleRoute.SecondPass => $"""<path d="M281 108C240 140 116 140 116 {Top}" {arrow}/>""" + ToUpper(route, arrow),
        _ => ToUpper(route, arrow),
    };

    private static string ToLower(RuleRoute route, string arrow) => route switch
    {
        RuleRoute.LayerByLayer or RuleRoute.Targets => $"""<path d="M202 100H118V{Top}" {arrow}/>""",
        RuleRoute.Direct or RuleRoute.Scalar or RuleRoute.FirstThenForward => $"""<path d="M281 108C250 132 116 140 116 {Top}" {arrow}/>""",
        RuleRoute.SecondPass => $"""<path d="M281 108C240 140 28 140 28 {Top}" {arrow}/><path d="M57 53H86" {arrow}/>""",
        _ => "",
    };

    private static string Dashed(RuleRecord rule, string paths)
    {
        var dashes = rule.Route is RuleRoute.Scalar ? "1.5 3" : rule.HasFixedFeedback ? "5 3" : rule.HasFeedback ? "9 3" : null;
        return dashes is null || paths.Length == 0 ? paths : $"""<g stroke-dasharray="{dashes}">{paths}</g>""";
    }

    private static string Labels(RuleRecord rule, int hidden, bool endsAbove)
    {
        var middle = Left(hidden) + 160;
        if (hidden == 0)
        {
            return Text(middle, 140, "nothing has to be sent back");
        }

        if (rule.PartNames.Count > 0)
        {
            return Listed(rule, middle);
        }

        if (rule.Parts.Count > 0)
        {
            return Text(240, 118, rule.Parts[^1].Carrier) + Text(70, 122, rule.Parts[0].Carrier) + (rule.Parts.Count > 2 ? Text(160, 146, $"the lowest and the highest of {rule.Parts.Count} hidden layers") : "");
        }

        var carrier = Carrier().Match(rule.Carrier);
        var (before, symbol, sign, rest) = (rule.Route == RuleRoute.Scalar ? "× " : "", carrier.Groups[1].Value, carrier.Groups[2].Value, carrier.Success ? carrier.Groups[3].Value.Trim(' ', ',') : rule.Carrier);

        // Feedback weights have the number of the hidden layer that they lead into; forward weights, the number of the layer that they make.
        string Weights(int into) => symbol.Length == 0 ? "" : before + symbol + Index(symbol == "W" ? into + 1 : into) + sign;
        return rule.Route switch
        {
            RuleRoute.None => Text(hidden == 1 ? 190 : middle, 107, "nothing is sent back"),
            RuleRoute.LayerByLayer or RuleRoute.Targets when hidden == 1 => symbol.Length == 0 ? Text(middle, 120, rest) : Text(243, 118, Weights(1)) + Text(middle, 138, rest),
            RuleRoute.LayerByLayer or RuleRoute.Targets => symbol.Length == 0 ? Text(199, 120, rest)
                : Text(243, 118, Weights(hidden)) + Text(160, 118, endsAbove ? "" : hidden == 2 ? Weights(1) : "…") + Text(199, 138, rest),
            RuleRoute.Direct or RuleRoute.Scalar when hidden == 1 => Text(243, 118, Weights(1)) + Text(middle, 138, rest),
            RuleRoute.Direct or RuleRoute.Scalar => Text(242, 90, Weights(hidden)) + Text(196, 145, Weights(1)) + Text(58, 122, rest),
            RuleRoute.FirstThenForward when hidden == 1 => Text(middle, 138, rule.Carrier),
            RuleRoute.FirstThenForward => Text(196, 145, rule.Carrier),
            _ => Text(middle, 146, rule.Carrier),
        };
    }

    /// <summary>Which rule serves what: a record does not say where in a network the names are.</summary>
    private static string Listed(RuleRecord rule, int middle)
    {
        string[] lines =
            [.. rule.PartNames.Zip(rule.Parts, (name, part) => $"{(name == "*" ? "all others" : name)}: {part.Name}")];
        string[] shown = lines.Length <= Lines ? lines : [.. lines.Take(Lines - 1), $"and {lines.Length - Lines + 1} more"];
        return string.Concat(shown.Select((line, index) => Text(middle - 20, 100 + (16 * index), line)));
    }

    /// <summary>Long texts are smaller, so that they keep to their place.</summary>
    private static string Text(int x, int y, string text) =>
        text.Length == 0 ? "" : $"""<text x="{x}" y="{y}"{(text.Length > 14 ? " font-size=\"10.5\"" : "")}>{Escape(text)}</text>""";

    private static string Escape(string text) => SecurityElement.Escape(ForeignText.Line(text));

    /// <summary>What may stand in an attribute and a reference.</summary>
    private static string Id(string rule) => string.Concat(rule.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? letter : '_'));

    /// <summary>One symbol, with a sign on it, and words after it: <c>Wᵀ</c>, <c>B random</c>.</summary>
    [GeneratedRegex(@"^([BWξ])([ᵀ⁺]?)(?![\w∕])(.*)$")]
    private static partial Regex Carrier();
}
