using System.Text.Json;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>Damages a JSON file where its readers stumble: nulls, empties, numbers that are no counts, wrong types, foreign parts.</summary>
/// <param name="guard">A folder beside the damaged one, for paths that lead out of it.</param>
internal sealed class TreeDamage(string guard)
{
    private const int MostChanges = 3, Deep = 100, VeryDeep = 20_000, Long = 5000, Many = 400;

    /// <summary>
    /// The longest text that repetition makes: above what readers refuse unread, and far below the memory of this process.
    /// </summary>
    private const long MostRepeated = 1L << 25;

    private readonly string[] _words =
    [
        "null", "null", "{}", "[]", "[null]", "[[]]", "[{}]", "{\"a\":null}", "\"\"", "0", "-1", "1", "-0.0", "0.5", "2", "1e308", "-1e308",
            "5e-324", "1e-30",
        "3e9", "3000000000", "-3000000000", "2147483647", "-2147483648", "9223372036854775807", "-9223372036854775808",
            "18446744073709551615",
        "1e999", "99999999999999999999999999", "100000", "\"NaN\"", "\"Infinity\"", "\"-1\"", "true", "false",
            "\"0001-01-01T00:00:00+00:00\"",
        "\"9999-12-31T23:59:59+14:00\"", "\"a\\u0000b\"", "\"\\u001b]0;pwn\\u0007\"", "\"\\u202e\"", "\"line\\nline\"", "\"\\ud800\"",
            "\"../../guard/secret.txt\"", "\"/dev/zero\"",
        "\".\"", "\"/\"", "\"..\"", $"\"{guard}\"", $"\"{guard}/secret.txt\"", "\"784-30000-30000-10\"", "\"4-0-3\"", "\"backpropagation\"",
            "\"feedback-alignment+backpropagation\"",
        "\"=cmd()\"", "\"<script>\"", "\"[red]\"", "\"{0}\"", $"\"{new string('x', Long)}\"",
            $"{new string('[', Deep)}{new string(']', Deep)}",
    ];

    /// <summary>A damaged copy of a JSON file.</summary>
    /// <param name="json">The right file.</param>
    /// <param name="other">Another right file, to take parts from.</param>
    /// <param name="random">Decides on the damage.</param>
    public byte[] Of(byte[] json, byte[] other, RandomStream random)
    {
        if (random.NextDouble() < 0.01)
        {
            return [.. Enumerable.Repeat((byte)'[', VeryDeep)];
        }

        var root = new Holder(JsonTree.Parse(json));
        for (var change = 1 + Chance.Below(random, MostChanges); change > 0; change--)
        {
            Change(root, JsonTree.Parse(other), random);
        }

        return root.Value.ToBytes();
    }

    private void Change(Holder root, JsonTree other, RandomStream random)
    {
        var (parent, at) = Place(root.Value, random);
        if (parent is null)
        {
            root.Value = JsonTree.Leaf(_words[Chance.Below(random, _words.Length)]);
            return;
        }

        var (key, value) = parent.Children[at];
        switch (Chance.Below(random, 11))
        {
            case 0:
                parent.Children.RemoveAt(at);
                break;
            case 1:
                parent.Children.Insert(at, (key, value.Copy()));
                break;
            case 2:
                parent.Children.Insert(at, (parent.Kind == JsonValueKind.Object ? "\"new\"" : "", JsonTree.Leaf("null")));
                break;
            case 3:
                parent.Children[at] = (key, Part(other, random).Copy());
                break;
            case 4:
                parent.Children[at] = (parent.Kind == JsonValueKind.Object ? Text(random) : "", value);
                break;
            case 5:
                var with = Chance.Below(random, parent.Children.Count);
                parent.Children[at] = (key, parent.Children[with].Value);
                parent.Children[with] = (parent.Children[with].Key, value);
                break;
            case 6 when parent.Kind == JsonValueKind.Array && value.Size <= MostRepeated / Many:
                parent.Children.AddRange(Enumerable.Repeat((key, value), Many));
                break;
            case 7:
                value.Children.Clear();
                break;
            default:
                parent.Children[at] = (key, JsonTree.Leaf(_words[Chance.Below(random, _words.Length)]));
                break;
        }
    }

    private string Text(RandomStream random)
        => Array.FindAll(_words, word => word[0] == '"') is var texts ? texts[Chance.Below(random, texts.Length)] : "";

    private static JsonTree Part(JsonTree tree, RandomStream random)
        => Place(tree, random) is ({ } parent, var at) ? parent.Children[at].Value : tree;

    /// <summary>A place in the tree: every level is as likely to be hit, however many numbers the lowest has.</summary>
    private static (JsonTree? Parent, int At) Place(JsonTree tree, RandomStream random)
    {
        (JsonTree? Parent, int At) place = (null, 0);
        while (tree.Children.Count > 0 && random.NextDouble() < 0.75)
        {
            place = (tree, Chance.Below(random, tree.Children.Count));
            tree = tree.Children[place.At].Value;
        }

        return place;
    }

    private sealed class Holder(JsonTree value)
    {
        public JsonTree Value { get; set; } = value;
    }
}
