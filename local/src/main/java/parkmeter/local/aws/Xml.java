package parkmeter.local.aws;

import java.util.List;

/** XML as AWS's query protocol has it: elements with text or with elements. */
sealed interface Xml {
    /** Escaped text of the element and of all in it. */
    String write();

    /** An element that holds text. */
    record Text(String name, String text) implements Xml {
        @Override
        public String write() {
            String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            return "<" + name + ">" + escaped + "</" + name + ">";
        }
    }

    /** An element that holds elements. */
    record Parent(String name, List<Xml> children) implements Xml {
        Parent(String name, Xml... children) {
            this(name, List.of(children));
        }

        @Override
        public String write() {
            StringBuilder all = new StringBuilder("<" + name + ">");
            children.forEach(child -> all.append(child.write()));
            return all.append("</").append(name).append('>').toString();
        }
    }
}
