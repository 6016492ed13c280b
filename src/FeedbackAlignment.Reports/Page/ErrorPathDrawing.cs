using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Small drawings of how the error travels under each rule that the page explains.</summary>
internal static class ErrorPathDrawing
{
    /// <summary>An <c>svg</c> element: the forward path above, the rule's error path below.</summary>
    public static string Of(string rule)
    {
        var color = new SeriesStyle(RuleText.Explained.ToList().IndexOf(rule), Experiment: 0).ColorIndex;
        var learns = rule != RuleText.Shallow;
        return $"""
            <svg viewBox="0 16 320 134" class="chart drawing" role="img" aria-labelledby="path-{rule}-title path-{rule}-desc">
            <title id="path-{rule}-title">{RuleText.Name(rule)}</title>
            <desc id="path-{rule}-desc">{RuleText.Caption(rule)}</desc>
            <defs>{Arrowhead($"path-{rule}-forward", "fill-axis")}{Arrowhead($"path-{rule}-back", $"fill-{color}")}</defs>
            <g class="fill-text" font-size="13" text-anchor="middle">
            {Box(2, "input", "box")}{Box(90, "hidden 1", learns ? "box" : "box frozen")}{Box(178, "hidden 2", learns ? "box" : "box frozen")}{Box(266, "output", "box")}
            {Forward(52, "W₁", rule)}{Forward(140, "W₂", rule)}{Forward(228, "W₃", rule)}
            </g>
            <g class="stroke-{color}" fill="none" stroke-width="2.2">{ErrorPath(rule)}</g>
            <g class="fill-{color}" font-size="13" text-anchor="middle">{Labels(rule)}</g>
            </svg>
            """;
    }

    private static string Arrowhead(string id, string part) =>
        $"""<marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" class="{part}"/></marker>""";

    private static string Box(int left, string name, string kind) =>
        $"""<rect x="{left}" y="26" width="52" height="34" rx="7" class="{kind}"/><text x="{left + 26}" y="47" font-size="10.5">{name}</text>""";

    private static string Forward(int left, string weights, string rule) =>
        $"""<path d="M{left + 3} 43H{left + 36}" class="stroke-axis" stroke-width="1.5" marker-end="url(#path-{rule}-forward)"/><text x="{left + 20}" y="34">{weights}</text>""";

    private static string ErrorPath(string rule)
    {
        var arrow = $"""marker-end="url(#path-{rule}-back)" """;
        var source = """<path d="M292 62V92"/>""";
        return rule switch
        {
            RuleText.Backpropagation => $"""{source}<path d="M280 100H206V64" {arrow}/><path d="M202 100H118V64" {arrow}/>""",
            RuleText.FeedbackAlignment => $"""{source}<g stroke-dasharray="5 3"><path d="M280 100H206V64" {arrow}/><path d="M202 100H118V64" {arrow}/></g>""",
            RuleText.DirectFeedbackAlignment => $"""{source}<g stroke-dasharray="5 3"><path d="M280 98H204V64" {arrow}/><path d="M281 108C250 132 116 140 116 64" {arrow}/></g>""",
            RuleText.Pseudobackprop => $"""{source}<path d="M280 100H206V64" {arrow}/><path d="M202 100H118V64" {arrow}/>""",
            RuleText.NodePerturbation => $"""{source}<g stroke-dasharray="1.5 3"><path d="M280 98H204V64" {arrow}/><path d="M281 108C250 132 116 140 116 64" {arrow}/></g>""",
            _ => source,
        };
    }

    private static string Labels(string rule)
    {
        var sent = rule == RuleText.NodePerturbation ? "ΔL" : "e";
        var error = $"""<circle cx="292" cy="103" r="11"/><text x="292" y="107" class="on-color">{sent}</text>""";
        return error + rule switch
        {
            RuleText.Backpropagation => """<text x="243" y="118">W₃ᵀ</text><text x="160" y="118">W₂ᵀ</text>""",
            RuleText.FeedbackAlignment => """<text x="243" y="118">B₂ random</text><text x="155" y="118">B₁ random</text>""",
            RuleText.DirectFeedbackAlignment => """<text x="242" y="90">B₂</text><text x="196" y="143">B₁</text><text x="66" y="122">both random</text>""",
            RuleText.Pseudobackprop => """<text x="243" y="118">W₃⁺</text><text x="160" y="118">W₂⁺</text>""",
            RuleText.NodePerturbation => """<text x="234" y="90">times ξ₂</text><text x="196" y="143">times ξ₁</text><text x="62" y="122">own noise ξ</text>""",
            _ => """<text x="160" y="107">nothing is sent back</text>""",
        };
    }
}
