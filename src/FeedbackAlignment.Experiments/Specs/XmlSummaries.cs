using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>The documentation of members, as plain text, from the XML file that the compiler writes beside the assembly.</summary>
internal static class XmlSummaries
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> _summaries = new(Load);

    /// <summary>The summary of a property or field; empty if the XML file is not there.</summary>
    public static string Of(MemberInfo member) =>
        _summaries.Value.GetValueOrDefault($"{(member is PropertyInfo ? 'P' : 'F')}:{member.DeclaringType!.FullName}.{member.Name}", "");

    private static Dictionary<string, string> Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(XmlSummaries).Assembly.GetName().Name}.xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")))
            : [];
    }

    private static string Plain(XElement? summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XElement { Name.LocalName: "see" } reference => $"`{JsonNamingPolicy.CamelCase.ConvertName(reference.Attribute("cref")!.Value.Split('.')[^1])}`",
                XElement element => $"`{element.Value}`",
                _ => ((XText)node).Value,
            });
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
