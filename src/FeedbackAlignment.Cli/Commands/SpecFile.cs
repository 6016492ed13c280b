using System.Text.Json;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>Reads spec files; every mistake becomes a line for the user.</summary>
internal static class SpecFile
{
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({trouble.Message.TrimEnd('.')})");
        }
    }

    /// <summary>The JSON of a spec that is valid as it stands.</summary>
    public static JsonObject ReadJson(string path)
    {
        var text = ReadText(path);
        SpecReader.Read(text, RuleCatalog.Ids);
        return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();
    }

    /// <param name="json">A spec.</param>
    /// <param name="rename">Says a problem in the user's words.</param>
    public static ExperimentSpec Parse(JsonObject json, Func<SpecProblem, SpecProblem> rename)
    {
        try
        {
            return SpecReader.Read(json.ToJsonString(), RuleCatalog.Ids);
        }
        catch (SpecException mistakes)
        {
            throw new SpecException([.. mistakes.Problems.Select(rename)]);
        }
    }
}
