using System.Text.RegularExpressions;
using HandlebarsDotNet;

namespace FeedbackAlignment.Reports.Page;

/// <summary>The pages' templates and style sheets, which lie in this assembly.</summary>
internal static partial class PageTemplate
{
    public static string Style { get; } = Read("report.css");

    /// <summary>What the page of a reproduction adds to it.</summary>
    public static string ReproductionStyle { get; } = Read("reproduction.css");

    /// <summary>The page as HTML. Everything that comes from records is escaped, except the drawings, which escape it themselves.</summary>
    public static string Render(PageModel model) => Render("report.hbs", model);

    /// <summary>The page of a reproduction.</summary>
    /// <inheritdoc cref="Render(PageModel)"/>
    public static string Render(ReproductionPageModel model) => Render("reproduction.hbs", model);

    /// <summary>The page of a tuning.</summary>
    /// <inheritdoc cref="Render(PageModel)"/>
    public static string Render(TuningPageModel model) => Render("tuning.hbs", model);

    /// <summary>The page of a study.</summary>
    /// <inheritdoc cref="Render(PageModel)"/>
    public static string Render(StudyPageModel model) => Render("study.hbs", model);

    private static string Render(string template, object model)
    {
        var configuration = new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true };
        configuration.TextEncoder = new PageEncoder(configuration.TextEncoder ?? new HtmlEncoder());
        var handlebars = Handlebars.Create(configuration);
        handlebars.RegisterTemplate("groups", Read("groups.hbs"));
        handlebars.RegisterTemplate("kernels", Read("kernels.hbs"));
        return SpaceBeforePercent().Replace(handlebars.Compile(Read(template))(model), "\u00a0");
    }

    /// <summary>A percent sign does not begin a line.</summary>
    [GeneratedRegex(@"(?<=\d) (?=%)")]
    private static partial Regex SpaceBeforePercent();

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PageTemplate).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
