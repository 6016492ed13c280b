using HandlebarsDotNet;

namespace FeedbackAlignment.Reports.Page;

/// <summary>The page's template and style sheet, which lie in this assembly.</summary>
internal static class PageTemplate
{
    public static string Style { get; } = Read("report.css");

    /// <summary>The page as HTML. Everything that comes from records is escaped, except the drawings, which escape it themselves.</summary>
    public static string Render(PageModel model)
    {
        var handlebars = Handlebars.Create(new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true });
        handlebars.RegisterTemplate("groups", Read("groups.hbs"));
        return handlebars.Compile(Read("report.hbs"))(model);
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PageTemplate).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
