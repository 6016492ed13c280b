using System.Collections;
using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Holds each value of a spec against the rules written on its property.</summary>
internal sealed class SpecFieldCheck(SpecProblems problems, Components components)
{
    /// <summary>Checks an object and all that is in it.</summary>
    public void Check(object value, string path)
    {
        foreach (var property in SpecContract.Of(value.GetType()).Properties)
        {
            var at = SpecContract.Join(path, property.Name);
            if (property.Get!(value) is { } inner)
            {
                Check(inner, at, [.. SpecContract.Rules(property)]);
            }
            else if (!property.IsSetNullable)
            {
                problems.Add(at, "must not be null");
            }
        }
    }

    private void Check(object? value, string path, IReadOnlyList<FieldRule> rules)
    {
        switch (value)
        {
            case null:
                problems.Add(path, "must not be null");
                break;
            case string or ValueType:
                foreach (var mistake in rules.OfType<ValueRule>().Select(rule => rule.Mistake(value, components)).OfType<string>())
                {
                    problems.Add(path, mistake);
                }

                break;
            case IEnumerable dictionary when SpecEntries.Are(dictionary):
                CheckAll(dictionary, SpecEntries.Of(dictionary).Select(entry => ($".{SpecProblem.Key(entry.Key)}", entry.Value)), path, rules);
                break;
            case IEnumerable list:
                CheckAll(list, list.Cast<object?>().Index().Select(item => ($"[{item.Index}]", item.Item)), path, rules);
                break;
            default:
                Check(value, path);
                break;
        }
    }

    private void CheckAll(IEnumerable whole, IEnumerable<(string At, object? Value)> items, string path, IReadOnlyList<FieldRule> rules)
    {
        if (problems.Sound(path))
        {
            foreach (var (at, mistake) in rules.OfType<ListRule>().SelectMany(rule => rule.Mistakes(whole, components)))
            {
                problems.Add(path + at, mistake);
            }
        }

        foreach (var (at, item) in items.TakeWhile(_ => !problems.TooMany))
        {
            Check(item, path + at, rules);
        }
    }
}
